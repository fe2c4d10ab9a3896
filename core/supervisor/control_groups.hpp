// SPDX-License-Identifier: Apache-2.0
// The control groups that services live in, versions 1 and 2, found per controller: below the group
// of this supervisor lies "hab-ID", and in it "svc-NAME" for each service with a limit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "package/service_limits.hpp"

namespace hab::supervisor {

/// Loop only. Groups outlive the object: the next supervisor finds them by the same id.
class ControlGroups {
public:
    /// Where groups are on this machine.
    struct Place {
        std::filesystem::path mount = "/sys/fs/cgroup";
        std::string membership;  ///< the text of /proc/self/cgroup
        [[nodiscard]] static Place of_this_process();
    };
    /// `id` tells the groups of one supervisor from those of another on the same machine. `record`
    /// is a file that keeps where groups were made: a later supervisor may live in another one.
    ControlGroups(Place place, const std::string& id, std::filesystem::path record);

    struct Prepared {
        std::vector<std::string> procs;         ///< files cgroup.procs for the new process to join
        std::vector<std::string> not_enforced;  ///< a sentence for each limit that cannot be had
    };
    /// Makes or changes the groups of a service, and removes those it needs no more. Limits of open
    /// files are not the business of groups. Does not throw: what fails is told in the result.
    [[nodiscard]] Prepared prepare(const std::string& service,
                                   const package::ServiceLimits& limits);
    /// How many processes the kernel killed in the service's groups for want of memory since they
    /// were made.
    [[nodiscard]] std::uint64_t oom_kills(const std::string& service) const;
    /// Kills what is in the service's groups: what has forked away from a process that has ended.
    void kill_members(const std::string& service) const;
    /// Removes the service's groups. False while processes are in them.
    [[nodiscard]] bool remove(const std::string& service);
    /// Removes the groups of all other services, also those of a supervisor that was killed.
    void remove_all_but(const std::vector<std::string>& services);

private:
    struct Root {
        std::filesystem::path dir;  ///< "…/hab-ID"
        bool is_v2 = false;
    };
    [[nodiscard]] Root find_root(std::string_view controller) const;
    void make_root(const Root& root, std::string_view controller) const;
    void note_root(const std::filesystem::path& dir) const;
    [[nodiscard]] std::vector<std::filesystem::path> recorded_roots() const;
    /// Those of the service's groups that exist.
    [[nodiscard]] std::vector<std::filesystem::path> groups_of(const std::string& service) const;
    void limit(Prepared& prepared, const std::string& service, std::string_view controller,
               std::uint64_t value) const;

    Place place_;
    std::string name_;  ///< "hab-ID"
    std::filesystem::path record_;
};

}  // namespace hab::supervisor
