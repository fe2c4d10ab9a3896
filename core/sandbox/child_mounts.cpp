// SPDX-License-Identifier: Apache-2.0
// The child's half of mounts: all by descriptors and the new mount API (Linux 5.12), so that no
// path is looked up twice and no link can lead a mount out of the root.
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/stat.h>

#include <cerrno>

#include "sandbox/child.hpp"
#include "sandbox/raw_syscall.hpp"

// <sys/mount.h> and <linux/mount.h> cannot be included together in glibc 2.36.
#ifndef MS_REC
#define MS_REC 16384
#endif
#ifndef MS_PRIVATE
#define MS_PRIVATE (1 << 18)
#endif
#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

namespace hab::sandbox {

using raw::address;
using raw::call;

namespace {

HAB_CHILD_CODE long open_in_root(long root, const char* path, unsigned long flags) noexcept {
    const open_how how = {flags | O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    return call(SYS_openat2, root, address(path), address(&how), sizeof how);
}

HAB_CHILD_CODE long make_leaf(long parent, const char* leaf, bool file) noexcept {
    if (!file) return call(SYS_mkdirat, parent, address(leaf), 0755);
    const long fd = call(SYS_openat, parent, address(leaf),
                         O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd >= 0) call(SYS_close, fd);
    return fd < 0 ? fd : 0;
}

/// Opens the `depth` first parts of the target, creating what is missing; the last one is a file if
/// the source is.
HAB_CHILD_CODE long reach(long root, const MountOp& op, std::size_t depth) noexcept {
    long fd = open_in_root(root, ".", O_PATH | O_DIRECTORY);
    for (std::size_t i = 0; i < depth && fd >= 0; ++i) {
        long next = open_in_root(root, op.prefixes[i], O_PATH);
        if (next == -ENOENT) {
            const bool file = op.source_is_file && i + 1 == op.prefix_count;
            const long made = make_leaf(fd, op.leaves[i], file);
            next = made < 0 ? made : open_in_root(root, op.prefixes[i], O_PATH);
        }
        call(SYS_close, fd);
        fd = next;
    }
    return fd;
}

HAB_CHILD_CODE long new_file_system(const char* type, const MountOp& op) noexcept {
    const long context = call(SYS_fsopen, address(type), FSOPEN_CLOEXEC);
    if (context < 0) return context;
    long done = 0;
    for (std::size_t i = 0; i < op.option_count && done == 0; ++i) {
        const char* key = op.options[2 * i];
        const char* value = op.options[2 * i + 1];
        done =
            call(SYS_fsconfig, context, value != nullptr ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
                 address(key), address(value), 0);
    }
    if (done == 0) done = call(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
    if (done == 0) {
        done = call(SYS_fsmount, context, FSMOUNT_CLOEXEC, static_cast<long>(op.attributes));
    }
    call(SYS_close, context);
    return done;
}

HAB_CHILD_CODE long clone_tree(const char* source, std::uint64_t attributes) noexcept {
    const long tree = call(SYS_open_tree, AT_FDCWD, address(source),
                           OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0 || attributes == 0) return tree;
    const mount_attr attr = {attributes, 0, 0, 0};
    const long set = call(SYS_mount_setattr, tree, address(""), AT_EMPTY_PATH | AT_RECURSIVE,
                          address(&attr), sizeof attr);
    if (set == 0) return tree;
    call(SYS_close, tree);
    return set;
}

HAB_CHILD_CODE long detached_mount(const MountOp& op) noexcept {
    switch (op.kind) {
        case OpKind::bind:
            return clone_tree(op.source, op.attributes);
        case OpKind::tmpfs:
            return new_file_system("tmpfs", op);
        case OpKind::proc:
            return new_file_system("proc", op);
        case OpKind::sys:
            return new_file_system("sysfs", op);
        case OpKind::devpts:
            return new_file_system("devpts", op);
        case OpKind::symlink:
            break;
    }
    return -EINVAL;
}

HAB_CHILD_CODE bool make_symlink(const ChildPlan& plan, long root, const MountOp& op) noexcept {
    const long parent = reach(root, op, op.prefix_count - 1);
    if (parent < 0) return child_fail(plan, Stage::mount_point, parent, op.index);
    const long done = call(SYS_symlinkat, address(op.source), parent, address(op.leaf));
    call(SYS_close, parent);
    return done == 0 || done == -EEXIST || child_fail(plan, Stage::mount, done, op.index);
}

HAB_CHILD_CODE bool make_mount(const ChildPlan& plan, long root, const MountOp& op) noexcept {
    if (op.kind == OpKind::symlink) return make_symlink(plan, root, op);
    const long target = reach(root, op, op.prefix_count);
    if (target < 0) return child_fail(plan, Stage::mount_point, target, op.index);
    const long mount = detached_mount(op);
    long done = mount;
    if (mount >= 0) {
        done = call(SYS_move_mount, mount, address(""), target, address(""),
                    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
        call(SYS_close, mount);
    }
    call(SYS_close, target);
    return done >= 0 || child_fail(plan, Stage::mount, done, op.index);
}

/// The root becomes a mount of its own (pivot_root wants one); returns a descriptor on it.
HAB_CHILD_CODE long open_root(const ChildPlan& plan) noexcept {
    if (plan.root == nullptr) {
        return call(SYS_openat, AT_FDCWD, address("/"), O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    const long tree = clone_tree(plan.root, 0);
    if (tree < 0) return tree;
    const long done = call(SYS_move_mount, tree, address(""), AT_FDCWD, address(plan.root),
                           MOVE_MOUNT_F_EMPTY_PATH);
    if (done == 0) return tree;
    call(SYS_close, tree);
    return done;
}

HAB_CHILD_CODE bool pivot(const ChildPlan& plan, long root) noexcept {
    long done = call(SYS_fchdir, root);
    if (done == 0) done = call(SYS_pivot_root, address("."), address("."));
    // The old root now lies over the new one; detaching it leaves only ours.
    if (done == 0) done = call(SYS_umount2, address("."), MNT_DETACH);
    if (done == 0) done = call(SYS_chdir, address("/"));
    return done == 0 || child_fail(plan, Stage::pivot, done);
}

}  // namespace

HAB_CHILD_CODE bool child_enter_root(const ChildPlan& plan) noexcept {
    if (!plan.mount_namespace) return true;
    long done = call(SYS_mount, 0, address("/"), 0, MS_REC | MS_PRIVATE, 0);
    if (done < 0) return child_fail(plan, Stage::private_mounts, done);
    const long root = open_root(plan);
    if (root < 0) return child_fail(plan, Stage::root, root);
    const long mask = call(SYS_umask, 0);  // mount points get exactly the modes named
    for (std::size_t i = 0; i < plan.mount_count; ++i) {
        if (!make_mount(plan, root, plan.mounts[i])) return false;
    }
    call(SYS_umask, mask);
    if (plan.root != nullptr && !pivot(plan, root)) return false;
    if (plan.root_read_only) {
        const mount_attr attr = {MOUNT_ATTR_RDONLY, 0, 0, 0};
        done = call(SYS_mount_setattr, AT_FDCWD, address("/"), 0, address(&attr), sizeof attr);
        if (done < 0) return child_fail(plan, Stage::root_read_only, done);
    }
    call(SYS_close, root);
    return true;
}

}  // namespace hab::sandbox
