// SPDX-License-Identifier: Apache-2.0
// The parent's half of mounts: every Mount becomes one or more plain operations.
#include <fmt/format.h>
#include <linux/mount.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "sandbox/child_plan.hpp"

namespace hab::sandbox {
namespace {

std::uint64_t attributes_of(const Mount& mount) {
    std::uint64_t attributes = 0;
    if (mount.read_only) attributes |= MOUNT_ATTR_RDONLY;
    if (mount.no_suid) attributes |= MOUNT_ATTR_NOSUID;
    if (mount.no_dev) attributes |= MOUNT_ATTR_NODEV;
    if (mount.no_exec) attributes |= MOUNT_ATTR_NOEXEC;
    return attributes;
}

[[noreturn]] void bad_mount(const Mount& mount, std::string_view why) {
    throw Error(ErrorCode::usage,
                fmt::format("cannot mount '{}' in a sandbox: {}", mount.target.string(), why));
}

/// With only one id mapped, group 5 (tty) does not exist inside and devpts refuses it.
bool maps_tty_group(const Spec& spec) {
    if (!spec.namespaces.user) return true;
    for (const IdMap& map : spec.gid_maps) {
        if (map.inside <= 5 && 5 - map.inside < map.count) return true;
    }
    return false;
}

}  // namespace

void PlanStorage::add_op(OpKind kind, const std::filesystem::path& target, std::size_t index,
                         MountOp values) {
    std::vector<const char*>& prefixes = lists_.emplace_back();
    std::vector<const char*>& leaves = lists_.emplace_back();
    std::filesystem::path prefix;
    for (const auto& part : target.relative_path()) {
        if (part.empty() || part == ".") continue;
        prefix /= part;
        prefixes.push_back(keep(prefix.string()));
        leaves.push_back(keep(part.string()));
    }
    values.kind = kind;
    values.prefixes = prefixes.data();
    values.leaves = leaves.data();
    values.prefix_count = prefixes.size();
    values.index = index;
    mounts_.push_back(values);
}

void PlanStorage::add_bind(const Mount& mount, std::size_t index) {
    if (!mount.source.is_absolute()) bad_mount(mount, "the source is not an absolute path");
    struct stat info{};
    if (::stat(mount.source.c_str(), &info) != 0) {
        if (mount.optional && (errno == ENOENT || errno == ENOTDIR)) return;
        throw Error::from_errno(fmt::format("cannot mount '{}' in a sandbox: cannot look at '{}'",
                                            mount.target.string(), mount.source.string()));
    }
    MountOp op{};
    op.source = keep(mount.source.string());
    op.source_is_file = !S_ISDIR(info.st_mode);
    op.attributes = attributes_of(mount);
    add_op(OpKind::bind, mount.target, index, op);
}

void PlanStorage::add_dev(const Mount& mount, std::size_t index) {
    const auto tmpfs = [&](const std::filesystem::path& target, const char* mode) {
        MountOp op{};
        op.options = keep_list({"mode", mode});
        op.option_count = 1;
        op.attributes = MOUNT_ATTR_NOSUID;
        add_op(OpKind::tmpfs, target, index, op);
    };
    tmpfs(mount.target, "755");
    for (const char* node : {"null", "zero", "full", "random", "urandom", "tty"}) {
        add_bind(bind_mount(std::filesystem::path("/dev") / node, mount.target / node, false),
                 index);
    }
    add_mount(special_mount(MountKind::devpts, mount.target / "pts"), index);
    tmpfs(mount.target / "shm", "1777");
    const std::pair<const char*, const char*> links[] = {{"ptmx", "pts/ptmx"},
                                                         {"fd", "/proc/self/fd"},
                                                         {"stdin", "/proc/self/fd/0"},
                                                         {"stdout", "/proc/self/fd/1"},
                                                         {"stderr", "/proc/self/fd/2"}};
    for (const auto& [name, text] : links) {
        MountOp op{};
        op.source = text;
        op.leaf = name;
        add_op(OpKind::symlink, mount.target / name, index, op);
    }
}

void PlanStorage::add_mount(const Mount& mount, std::size_t index) {
    if (!mount.target.is_absolute()) bad_mount(mount, "the target is not an absolute path");
    for (const auto& part : mount.target) {
        if (part == "..") bad_mount(mount, "the target holds '..'");
    }
    if (mount.target.relative_path().empty()) bad_mount(mount, "the target is the root itself");
    MountOp op{};
    op.attributes = attributes_of(mount);
    std::vector<const char*>& options = lists_.emplace_back();
    switch (mount.kind) {
        case MountKind::bind:
            return add_bind(mount, index);
        case MountKind::dev:
            return add_dev(mount, index);
        case MountKind::proc:
            op.attributes |= MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
            return add_op(OpKind::proc, mount.target, index, op);
        case MountKind::sys:
            if (!spec_.namespaces.net) {
                return add_bind(bind_mount("/sys", mount.target, true), index);
            }
            op.attributes |= MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
            return add_op(OpKind::sys, mount.target, index, op);
        case MountKind::devpts:
            options = {"newinstance", nullptr, "ptmxmode", "0666", "mode", "0620"};
            if (maps_tty_group(spec_)) options.insert(options.end(), {"gid", "5"});
            op.attributes |= MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
            op.options = options.data();
            op.option_count = options.size() / 2;
            return add_op(OpKind::devpts, mount.target, index, op);
        case MountKind::tmpfs:
            for (const std::string_view item : split(mount.options, ',')) {
                if (item.empty()) continue;
                const auto equals = item.find('=');
                options.push_back(keep(std::string(item.substr(0, equals))));
                options.push_back(equals == std::string_view::npos
                                      ? nullptr
                                      : keep(std::string(item.substr(equals + 1))));
            }
            op.options = options.data();
            op.option_count = options.size() / 2;
            return add_op(OpKind::tmpfs, mount.target, index, op);
    }
}

}  // namespace hab::sandbox
