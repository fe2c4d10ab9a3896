// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace hab::supervisor {

/// Who a service's processes and files belong to.
struct ServiceUser {
    std::string user;
    std::string group;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  ///< supplementary groups of the user
    std::string home;
    /// Whether this process can and must change to it; false: everything runs as who we are.
    bool change = false;
};

/// Picks the user: the package's SVC_USER and SVC_GROUP if both are set, else hab:hab if both
/// exist, else whoever we are. Without the right to change users it is always who we are. Throws
/// not_found when we could change, but user or group do not exist.
[[nodiscard]] ServiceUser choose_service_user(const std::string& package_user,
                                              const std::string& package_group,
                                              const std::string& package);

/// CAP_SETUID, CAP_SETGID and CAP_CHOWN are all effective.
[[nodiscard]] bool can_change_users();

/// choose_service_user() for many services at once: answers are kept for a second, so that starting
/// a thousand services does not read the user database a thousand times. Loop only.
class ServiceUsers {
public:
    /// `clock` must outlive the object.
    explicit ServiceUsers(const Clock& clock) : clock_(clock) {}

    [[nodiscard]] ServiceUser choose(const std::string& package_user,
                                     const std::string& package_group, const std::string& package);

private:
    const Clock& clock_;
    std::map<std::pair<std::string, std::string>, ServiceUser> known_;
    SteadyTime known_since_{};
};

}  // namespace hab::supervisor
