// SPDX-License-Identifier: Apache-2.0
// One consistent picture of all services, and its JSON, made once for everybody who asks about it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "supervisor/events.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor::http {

/// A body that requests share, with its entity tag (quotes included).
struct SharedText {
    std::shared_ptr<const std::string> body;
    std::string etag;
};
[[nodiscard]] SharedText shared_text(std::string text);
/// The entity tag of these bytes: a hash, so it also stays true over a restart of the supervisor.
[[nodiscard]] std::string entity_tag(std::string_view bytes);

/// Loop only. A picture is taken when somebody asks and something has happened since the last one.
class SnapshotCache {
public:
    /// Everything must outlive it. `redacted`: service objects have no `cfg`.
    SnapshotCache(const StateReader& state, EventStream& events, const Clock& clock, bool redacted);

    /// Before each request: takes a new picture if it is needed.
    void refresh();
    /// The picture shows everything up to the event of this generation.
    [[nodiscard]] std::uint64_t generation() const noexcept { return events_.generation(); }

    using ServicePtr = std::shared_ptr<const ServiceSnapshot>;
    /// Sorted by name.
    [[nodiscard]] const std::vector<ServicePtr>& services() const noexcept { return services_; }
    /// Null if it is not loaded.
    [[nodiscard]] ServicePtr find(std::string_view name) const;
    [[nodiscard]] const SystemState& system() const { return state_.system(); }

    /// Bodies of the routes; `name` must be loaded.
    enum class Part { service, config, health };
    [[nodiscard]] const SharedText& text(std::string_view name, Part part);
    [[nodiscard]] const SharedText& all_services();
    /// A body that depends on nothing but the picture, under a name of its own.
    using Make = std::function<std::string(const SnapshotCache& cache)>;
    [[nodiscard]] const SharedText& text(const char* key, const Make& make);

private:
    /// What is no event is seen this late at the most: why a service waits, how often the kernel
    /// killed something in it.
    static constexpr std::chrono::milliseconds longest_age{250};

    struct Texts {
        std::optional<SharedText> parts[3];
    };

    const StateReader& state_;
    EventStream& events_;
    const Clock& clock_;
    bool redacted_;
    bool stale_ = true;
    SteadyTime taken_{};
    std::vector<ServicePtr> services_;
    std::map<std::string_view, Texts> texts_;  ///< keys live in services_
    std::optional<SharedText> all_;
    std::map<std::string_view, SharedText> others_;
    EventStream::Subscription subscription_;
};

}  // namespace hab::supervisor::http
