// SPDX-License-Identifier: Apache-2.0
// What the child does between clone and exec, as plain data prepared by the parent. Private to
// sandbox/.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace hab::sandbox {

/// Step at which a child failed; names are in child_plan.cpp.
enum class Stage : int {
    none,
    wait_for_maps,
    die_with_parent,
    private_mounts,
    root,
    mount_point,
    mount,
    pivot,
    root_read_only,
    hostname,
    loopback,
    session,
    terminal,
    cgroup,
    rlimit,
    groups,
    gid,
    uid,
    no_new_privileges,
    cwd,
    stdio,
    close_descriptors,
    exec,
};

/// Written by the child into the parent's memory; `stage` stays none if exec worked.
struct Report {
    Stage stage = Stage::none;
    int error = 0;
    std::size_t index = 0;  ///< mount or resource it was about
};

enum class OpKind : int { bind, tmpfs, proc, sys, devpts, symlink };

/// `prefixes` are the target's parents and itself, relative to the root: "hab", "hab/pkgs", …
struct MountOp {
    OpKind kind;
    const char* source;  ///< bind: host path; symlink: text of the link
    const char* const* prefixes;
    std::size_t prefix_count;
    const char* leaf;           ///< last part of the target
    const char* const* leaves;  ///< last part of each prefix
    bool source_is_file;
    const char* const* options;  ///< key, value, key, value … for fsconfig; value null = flag
    std::size_t option_count;    ///< pairs
    std::uint64_t attributes;    ///< MOUNT_ATTR_*
    std::size_t index;           ///< of the Mount in the Spec
};

struct RlimitOp {
    int resource;
    rlimit value;
};

struct ChildPlan {
    // where it runs
    bool mount_namespace;
    bool user_namespace;
    bool pid_namespace;
    bool net_namespace;
    const char* root;
    bool root_read_only;
    const MountOp* mounts;
    std::size_t mount_count;
    const char* hostname;
    std::size_t hostname_size;
    // what it is
    int go_fd;      ///< read one byte before anything else; -1 = do not wait
    int parent_fd;  ///< pidfd of the parent, with die_with_parent; else -1
    bool new_session;
    bool controlling_terminal;
    const RlimitOp* rlimits;
    std::size_t rlimit_count;
    bool set_groups;
    bool set_ids;
    uid_t uid;
    gid_t gid;
    const gid_t* groups;
    std::size_t group_count;
    bool no_new_privileges;
    bool set_umask;
    mode_t umask;
    const char* cwd;
    int stdio[3];
    const int* cgroup_fds;  ///< cgroup.procs files to write "0" to
    std::size_t cgroup_count;
    // what it becomes
    const char* const* candidates;  ///< paths tried in order, null-terminated
    const char* const* argv;
    const char* const* envp;
    Report* report;
};

/// Entry of the child: runs the plan and execs; on failure fills the report and exits. Never
/// returns.
int child_main(void* plan) noexcept;

/// Mounts and pivot_root; false with the report filled on failure.
bool child_enter_root(const ChildPlan& plan) noexcept;

/// Fills the report; always false.
bool child_fail(const ChildPlan& plan, Stage stage, long error, std::size_t index = 0) noexcept;

}  // namespace hab::sandbox
