// SPDX-License-Identifier: Apache-2.0
// From a Spec to the plain data of the child, and from the child's report to an Error. Private to
// sandbox/.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/child.hpp"
#include "sandbox/spec.hpp"

namespace hab::sandbox {

/// Owns every byte that a ChildPlan points to. Not movable: the plan holds addresses.
class PlanStorage {
public:
    /// Checks the spec (usage errors) and prepares everything. Keeps a reference to `spec`.
    explicit PlanStorage(const Spec& spec);
    PlanStorage(const PlanStorage&) = delete;
    PlanStorage& operator=(const PlanStorage&) = delete;

    [[nodiscard]] ChildPlan& plan() noexcept { return plan_; }
    [[nodiscard]] const Report& report() const noexcept { return report_; }
    /// The child's report as the sentence a user reads.
    [[nodiscard]] Error error() const;

private:
    void add_world();
    void add_program();
    void add_stdio();
    void add_rlimits();
    void add_mount(const Mount& mount, std::size_t index);
    void add_dev(const Mount& mount, std::size_t index);
    void add_bind(const Mount& mount, std::size_t index);
    void add_op(OpKind kind, const std::filesystem::path& target, std::size_t index,
                MountOp values = {});

    const char* keep(std::string text);
    const char* const* keep_list(const std::vector<std::string>& texts);
    [[nodiscard]] std::string stage_text() const;

    const Spec& spec_;
    std::deque<std::string> texts_;
    std::deque<std::vector<const char*>> lists_;
    std::vector<MountOp> mounts_;
    std::vector<RlimitOp> rlimits_;
    UniqueFd null_;
    Report report_;
    ChildPlan plan_{};
};

}  // namespace hab::sandbox
