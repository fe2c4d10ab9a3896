// SPDX-License-Identifier: Apache-2.0
// What may be asked of a running supervisor. The control gateway calls this on the event loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "package/service_limits.hpp"

namespace hab::supervisor {

/// Where the answer to one command goes. All calls come on the loop; `done` comes exactly once and
/// last.
class Reply {
public:
    virtual ~Reply() = default;
    /// One line for the user's terminal; no line end.
    virtual void line(std::string_view text) = 0;
    /// Who asked, for people: "uid 0 (process 4711)", "127.0.0.1:40312"; empty if unknown.
    [[nodiscard]] virtual std::string who() const { return {}; }
    /// The end: null when it worked.
    virtual void done(const Error* error) = 0;
};
using ReplyPtr = std::shared_ptr<Reply>;

/// Options of load and update; what is empty is left as it is (or takes its default on a first
/// load).
struct ServiceOptions {
    std::optional<std::string> name;  ///< of the service; only for a load
    std::optional<std::string> group, topology, update_strategy, update_condition, binding_mode,
        channel, bldr_url, config_from;
    std::optional<std::vector<std::string>> binds;  ///< "bind:service.group[@org]"
    std::optional<std::chrono::seconds> health_check_interval;
    std::optional<std::uint32_t> shutdown_timeout;  ///< seconds
    package::ServiceLimits limits;                  ///< laid over those that are there
};

struct LoadRequest {
    std::string ident;  ///< origin/name[/version[/release]]
    bool force = false;
    ServiceOptions options;
};

/// Error codes of `done`: conflict (already loaded), not_found (not loaded, no package),
/// invalid_input (ident, option), failed (install did not work).
class Commands {
public:
    virtual ~Commands() = default;
    /// Installs the package if it is absent, checks it, writes the spec and starts the service.
    /// Done when the spec is saved; what follows is seen in the event stream.
    virtual void load(const LoadRequest& request, ReplyPtr reply) = 0;
    virtual void update(const std::string& ident, const ServiceOptions& options,
                        ReplyPtr reply) = 0;
    /// Removes the spec and stops the process. Done once the process has ended.
    virtual void unload(const std::string& ident, std::optional<std::chrono::seconds> timeout,
                        ReplyPtr reply) = 0;
    /// desired_state up. Done when the spec is saved.
    virtual void start(const std::string& ident, ReplyPtr reply) = 0;
    /// desired_state down; the spec stays. Done once the process has ended.
    virtual void stop(const std::string& ident, std::optional<std::chrono::seconds> timeout,
                      ReplyPtr reply) = 0;
    /// default.toml of a loaded service's package, as text. Throws not_found.
    [[nodiscard]] virtual std::string default_config(const std::string& ident) const = 0;
    /// Ends this supervisor process; the launcher starts a new one, services stay.
    virtual void restart_supervisor() = 0;
    /// Stops every service and ends supervisor and launcher.
    virtual void shutdown() = 0;
};

}  // namespace hab::supervisor
