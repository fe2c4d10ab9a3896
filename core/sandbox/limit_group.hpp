// SPDX-License-Identifier: Apache-2.0
// Limits for a program and everything it starts: control groups, version 1 or 2, found per
// controller. Private to sandbox/.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/spec.hpp"

namespace hab::sandbox {

/// The groups one program lives in; removed when the object goes, which must be after the last
/// process in them has died.
class LimitGroup {
public:
    /// Makes the groups that the limits need; null if none is needed. A limit that this machine
    /// cannot enforce is logged as a warning and left out.
    [[nodiscard]] static std::unique_ptr<LimitGroup> make(const Limits& limits);
    LimitGroup(const LimitGroup&) = delete;
    LimitGroup& operator=(const LimitGroup&) = delete;
    ~LimitGroup();

    /// Open cgroup.procs files: a process joins by writing "0" to each.
    [[nodiscard]] const std::vector<int>& join_fds() const noexcept { return join_fds_; }
    /// Whether the kernel killed something inside for want of memory.
    [[nodiscard]] bool out_of_memory() const;

private:
    LimitGroup() = default;
    void add(std::string_view controller, std::string_view v1_file, std::string_view v2_file,
             const std::string& value);
    [[nodiscard]] std::filesystem::path directory(std::string_view controller, bool& is_v2);

    std::vector<std::filesystem::path> directories_;
    std::vector<UniqueFd> open_;
    std::vector<int> join_fds_;
};

}  // namespace hab::sandbox
