// SPDX-License-Identifier: Apache-2.0
#include "sandbox/limit_group.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "sandbox/control_group.hpp"

namespace hab::sandbox {
namespace {

const fs::path mount_of_groups = "/sys/fs/cgroup";

}  // namespace

fs::path LimitGroup::directory(std::string_view controller, bool& is_v2) {
    fs::path own = own_group(read_file("/proc/self/cgroup"), controller, mount_of_groups, is_v2);
    if (own.empty()) throw Error(ErrorCode::unsupported, "this kernel has no such controller");
    // In version 2 a group with processes cannot hand controllers to groups below it: a sibling it
    // is.
    if (is_v2 && own != mount_of_groups) own = own.parent_path();
    for (const fs::path& made : directories_) {
        if (made.parent_path() == own) return made;
    }
    fs::path made = own / fmt::format("hab-{}-{}", ::getpid(), SystemEntropy().hex(4));
    if (::mkdir(made.c_str(), 0755) != 0) {
        throw Error::from_errno(fmt::format("cannot make '{}'", made.string()));
    }
    directories_.push_back(made);
    open_.push_back(open_file(made / "cgroup.procs", O_WRONLY));
    join_fds_.push_back(open_.back().get());
    return made;
}

void LimitGroup::add(std::string_view controller, std::string_view v1_file,
                     std::string_view v2_file, const std::string& value) {
    try {
        bool is_v2 = false;
        const fs::path made = directory(controller, is_v2);
        write_setting(made / (is_v2 ? v2_file : v1_file), value);
    } catch (const Error& error) {
        log::warn("sandbox", "the {} limit is not enforced: {}", controller, error.what());
    }
}

std::unique_ptr<LimitGroup> LimitGroup::make(const Limits& limits) {
    if (limits.memory_bytes == 0 && limits.pids == 0 && limits.cpu_millis == 0) return nullptr;
    std::unique_ptr<LimitGroup> group(new LimitGroup());
    if (limits.memory_bytes != 0) {
        group->add("memory", "memory.limit_in_bytes", "memory.max",
                   std::to_string(limits.memory_bytes));
    }
    if (limits.pids != 0) group->add("pids", "pids.max", "pids.max", std::to_string(limits.pids));
    if (limits.cpu_millis != 0) {
        // Thousandths of a CPU are hundreds of microseconds per period of 100 ms.
        const std::string quota = std::to_string(std::uint64_t{limits.cpu_millis} * 100);
        bool is_v2 = false;
        static_cast<void>(own_group(read_file("/proc/self/cgroup"), "cpu", mount_of_groups, is_v2));
        group->add("cpu", "cpu.cfs_quota_us", "cpu.max", is_v2 ? quota + " 100000" : quota);
    }
    return group;
}

bool LimitGroup::out_of_memory() const {
    for (const fs::path& made : directories_) {
        if (counter(made / "memory.oom_control", "oom_kill") > 0) return true;
        if (counter(made / "memory.events", "oom_kill") > 0) return true;
    }
    return false;
}

LimitGroup::~LimitGroup() {
    for (const fs::path& made : directories_) {
        // Killed processes leave a group a moment after they can be waited for.
        for (int attempt = 0; ::rmdir(made.c_str()) != 0 && errno == EBUSY && attempt < 100;
             ++attempt) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
}

}  // namespace hab::sandbox
