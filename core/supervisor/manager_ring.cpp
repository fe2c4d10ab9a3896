// SPDX-License-Identifier: Apache-2.0
// What the manager of the services and the ring have to say to each other.
#include <boost/asio/post.hpp>

#include "supervisor/manager.hpp"
#include "supervisor/ring/ring_membership.hpp"

namespace hab::supervisor {

void Manager::ring_changed(const std::set<std::string>& groups) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_)
        names.push_back(name);
    for (const std::string& name : names) {
        const auto found = entries_.find(name);
        if (ending_ || found == entries_.end() || found->second.leaving) continue;
        Entry& entry = found->second;
        if (const auto service = entry.service) {
            service->ring_changed(groups);
        } else if (!entry.failure.empty() &&
                   groups.contains(entry.spec.service_group().to_string())) {
            set_up(entry);  // what it could not be set up with may have been the ring's
        }
    }
}

void Manager::leave_group(const ServiceSpec& spec) {
    if (around_.ring != nullptr) around_.ring->withdraw(spec.service_group().to_string());
}

/// After those that are loaded have told of themselves.
void Manager::settle_ring() {
    if (around_.ring == nullptr) return;
    boost::asio::post(around_.loop, [this] { around_.ring->withdraw_forgotten(); });
}

void Manager::leave_ring() {
    if (around_.ring != nullptr) around_.ring->leave();
}

}  // namespace hab::supervisor
