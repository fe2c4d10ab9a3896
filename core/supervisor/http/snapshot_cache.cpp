// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/snapshot_cache.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "supervisor/http/service_json.hpp"

namespace hab::supervisor::http {

std::string entity_tag(std::string_view bytes) {
    return fmt::format("\"{:016x}\"", std::hash<std::string_view>{}(bytes));
}

SharedText shared_text(std::string text) {
    std::string etag = entity_tag(text);
    return {std::make_shared<const std::string>(std::move(text)), std::move(etag)};
}

SnapshotCache::SnapshotCache(const StateReader& state, EventStream& events, const Clock& clock,
                             bool redacted)
    : state_(state),
      events_(events),
      clock_(clock),
      redacted_(redacted),
      subscription_(events.subscribe([this](const Event& event) {
          // Lines change nothing that a picture shows; they are most of the events.
          if (!std::holds_alternative<LogLine>(event.body)) stale_ = true;
      })) {}

void SnapshotCache::refresh() {
    const SteadyTime now = clock_.now();
    if (!stale_ && now - taken_ < longest_age) return;
    texts_.clear();
    all_.reset();
    others_.clear();
    services_ = state_.services();
    taken_ = now;
    stale_ = false;
}

SnapshotCache::ServicePtr SnapshotCache::find(std::string_view name) const {
    const auto found = std::lower_bound(
        services_.begin(), services_.end(), name,
        [](const ServicePtr& service, std::string_view wanted) { return service->name < wanted; });
    return found != services_.end() && (*found)->name == name ? *found : nullptr;
}

const SharedText& SnapshotCache::text(std::string_view name, Part part) {
    const ServicePtr service = find(name);
    auto& slot = texts_[service->name].parts[static_cast<std::size_t>(part)];
    if (slot) return *slot;
    switch (part) {
        case Part::service:
            slot = shared_text(
                to_json(service_json(*service, state_.system(), state_.paths(), redacted_)));
            break;
        case Part::config:
            slot = shared_text(to_json(service->cfg ? *service->cfg : Value(Object())));
            break;
        case Part::health:
            slot = shared_text(to_json(health_json(service->health)));
            break;
    }
    return *slot;
}

const SharedText& SnapshotCache::all_services() {
    if (all_) return *all_;
    std::string text = "[";
    for (const ServicePtr& service : services_) {
        if (text.size() > 1) text += ',';
        text += *this->text(service->name, Part::service).body;
    }
    text += ']';
    all_ = shared_text(std::move(text));
    return *all_;
}

const SharedText& SnapshotCache::text(const char* key, const Make& make) {
    const auto found = others_.find(key);
    if (found != others_.end()) return found->second;
    return others_.emplace(key, shared_text(make(*this))).first->second;
}

}  // namespace hab::supervisor::http
