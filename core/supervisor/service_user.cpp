// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_user.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <optional>

#include "base/error.hpp"

namespace hab::supervisor {
namespace {

struct UserEntry {
    std::string name;
    std::string home;
    uid_t uid;
    gid_t gid;
};

// Larger than any entry of files or directory services seen in practice; ERANGE would be an error.
constexpr std::size_t entry_buffer = 64 * 1024;

template <class Lookup>
std::optional<UserEntry> user_entry(Lookup lookup) {
    std::vector<char> buffer(entry_buffer);
    passwd entry{};
    passwd* found = nullptr;
    const int error = lookup(&entry, buffer.data(), buffer.size(), &found);
    if (error != 0) throw Error::from_errno("cannot look up a user", error);
    if (found == nullptr) return std::nullopt;
    return UserEntry{found->pw_name, found->pw_dir, found->pw_uid, found->pw_gid};
}

std::optional<UserEntry> user_by_name(const std::string& name) {
    return user_entry([&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
        return ::getpwnam_r(name.c_str(), entry, buffer, size, found);
    });
}

std::optional<gid_t> group_by_name(const std::string& name) {
    std::vector<char> buffer(entry_buffer);
    ::group entry{};
    ::group* found = nullptr;
    const int error = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (error != 0)
        throw Error::from_errno(fmt::format("cannot look up the group {}", name), error);
    if (found == nullptr) return std::nullopt;
    return found->gr_gid;
}

std::string group_name(gid_t gid) {
    std::vector<char> buffer(entry_buffer);
    ::group entry{};
    ::group* found = nullptr;
    if (::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
        return std::to_string(gid);
    }
    return found->gr_name;
}

ServiceUser ourselves() {
    const auto entry = user_entry([](passwd* e, char* buffer, std::size_t size, passwd** found) {
        return ::getpwuid_r(::geteuid(), e, buffer, size, found);
    });
    ServiceUser user;
    user.uid = ::geteuid();
    user.gid = ::getegid();
    user.user = entry ? entry->name : std::to_string(user.uid);
    user.group = group_name(user.gid);
    user.home = entry ? entry->home : "/";
    return user;
}

std::vector<gid_t> supplementary_groups(const std::string& user, gid_t primary) {
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    while (::getgrouplist(user.c_str(), primary, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

std::string hint_for(const std::string& user, const std::string& group) {
    return fmt::format(
        "create them, for example: groupadd --system {1} && useradd --system --gid {1} "
        "--shell /usr/sbin/nologin {0}",
        user, group);
}

}  // namespace

bool can_change_users() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
    if (::syscall(SYS_capget, &header, data) != 0) return false;
    const auto has = [&](unsigned cap) {
        return (data[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap)) != 0;
    };
    return has(CAP_SETUID) && has(CAP_SETGID) && has(CAP_CHOWN);
}

ServiceUser choose_service_user(const std::string& package_user, const std::string& package_group,
                                const std::string& package) {
    if (!can_change_users()) return ourselves();
    const bool named = !package_user.empty() && !package_group.empty();
    const std::string user_name = named ? package_user : "hab";
    const std::string group_name = named ? package_group : "hab";
    const auto entry = user_by_name(user_name);
    const auto gid = group_by_name(group_name);
    if (!named && (!entry || !gid)) return ourselves();
    if (!entry || !gid) {
        throw Error(ErrorCode::not_found,
                    fmt::format("{} runs as {} '{}', which does not exist on this machine", package,
                                !entry ? "user" : "group", !entry ? user_name : group_name),
                    hint_for(user_name, group_name));
    }
    ServiceUser user;
    user.user = user_name;
    user.group = group_name;
    user.uid = entry->uid;
    user.gid = *gid;
    user.groups = supplementary_groups(user_name, *gid);
    user.home = entry->home;
    user.change = true;
    return user;
}

ServiceUser ServiceUsers::choose(const std::string& package_user, const std::string& package_group,
                                 const std::string& package) {
    constexpr std::chrono::seconds fresh{1};
    const auto now = clock_.now();
    if (now - known_since_ > fresh) {
        known_.clear();
        known_since_ = now;
    }
    const auto key = std::pair(package_user, package_group);
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
    auto user = choose_service_user(package_user, package_group, package);
    // Only users that exist: one that is made now is to be seen at once.
    if (user.change) known_.emplace(key, user);
    return user;
}

}  // namespace hab::supervisor
