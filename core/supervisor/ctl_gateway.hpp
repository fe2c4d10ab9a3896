// SPDX-License-Identifier: Apache-2.0
// The control gateway: `hab svc …` and friends talk to it. docs/formats/control-protocol.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <sys/types.h>

#include "base/clock.hpp"
#include "net/endpoint.hpp"
#include "net/tls.hpp"
#include "supervisor/commands.hpp"
#include "supervisor/events.hpp"
#include "supervisor/ring/ring_commands.hpp"
#include "supervisor/service_state.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): theirs
}

namespace hab::supervisor {

/// What requests are answered with. Everything is borrowed and must outlive the gateway.
struct CtlServices {
    Commands& commands;
    const StateReader& state;
    EventStream& events;
    const Clock& clock;
    /// What `hab why` and `hab config show` ask for; each answer is JSON. `full`: for somebody who
    /// may change things; others are told no values and no output. Throws not_found. Empty: this
    /// supervisor cannot tell.
    std::function<std::string(const std::string& service, std::size_t limit, bool full)> why = {};
    std::function<std::string(const std::string& service)> config = {};
    /// Throws what speaks against a configuration for the group, as far as this supervisor knows;
    /// TOML text. Empty: it knows nothing of groups.
    std::function<void(const std::string& group, const std::string& text)> check_config = {};
    /// Null: this supervisor is in no ring.
    RingCommands* ring = nullptr;
};

/// Who may talk to a gateway.
struct CtlAccess {
    /// Clients show the secret; with `tls` they speak TLS before.
    [[nodiscard]] static CtlAccess by_secret(std::string secret,
                                             std::shared_ptr<net::TlsContext> tls = nullptr) {
        return {std::move(secret), nullptr, std::move(tls)};
    }
    /// For a Unix socket: anybody may look, and `may_change` tells which users may do the rest.
    [[nodiscard]] static CtlAccess by_user(std::function<bool(uid_t)> may_change) {
        return {{}, std::move(may_change), nullptr};
    }

    std::string secret;
    std::function<bool(uid_t)> may_change;  ///< empty: the secret counts
    std::shared_ptr<net::TlsContext> tls;   ///< null: not encrypted
};
/// root, and who runs this process.
[[nodiscard]] bool is_root_or_self(uid_t user) noexcept;

struct CtlLimits {
    std::chrono::milliseconds handshake{10'000};  ///< from connect to a valid secret
    std::chrono::milliseconds request{10'000};    ///< from there to a whole request
    std::size_t request_bytes = 128 * 1024;
    /// Beyond it, a new one takes the place of the one that has kept its handshake waiting for
    /// longest; if all have shown their secret, it waits in the kernel's queue.
    std::size_t connections = 64;
    std::size_t unread_bytes =
        1u << 20;  ///< a client that reads no answers is dropped at this backlog
};

class CtlGatewayState;  // implementation

/// Listens while it lives; loop only. Destruction tells log followers that the end has come and
/// closes every connection; commands under way go on, their replies go nowhere.
class CtlGateway {
public:
    /// Throws as net::open_listen_socket: a port in use is Error(conflict) that names the address.
    CtlGateway(boost::asio::io_context& loop, const net::Endpoint& address, CtlAccess access,
               const CtlServices& services, CtlLimits limits = {});
    ~CtlGateway();
    CtlGateway(const CtlGateway&) = delete;
    CtlGateway& operator=(const CtlGateway&) = delete;

    [[nodiscard]] const net::Endpoint& local() const noexcept;
    [[nodiscard]] std::size_t connections() const noexcept;

private:
    std::shared_ptr<CtlGatewayState> state_;
};

}  // namespace hab::supervisor
