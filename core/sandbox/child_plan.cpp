// SPDX-License-Identifier: Apache-2.0
#include "sandbox/child_plan.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/files.hpp"
#include "base/strings.hpp"

namespace hab::sandbox {
namespace {

constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

void refuse_nul(std::string_view text, std::string_view what) {
    if (text.find('\0') == std::string_view::npos) return;
    throw Error(ErrorCode::usage, fmt::format("cannot run a program: {} holds a NUL byte", what));
}

/// Paths to try for argv[0], as execvp would.
std::vector<std::string> candidates(const Spec& spec) {
    const std::string& name = spec.argv.front();
    if (name.find('/') != std::string::npos) return {name};
    const auto found = spec.env.find("PATH");
    const std::string_view path =
        found != spec.env.end() ? std::string_view(found->second) : default_path;
    std::vector<std::string> paths;
    for (const std::string_view part : split(path, ':')) {
        paths.push_back(part.empty() ? "./" + name : fmt::format("{}/{}", part, name));
    }
    return paths;
}

}  // namespace

PlanStorage::PlanStorage(const Spec& spec) : spec_(spec) {
    if (spec.argv.empty() || spec.argv.front().empty()) {
        throw Error(ErrorCode::usage, "cannot run a program: no program was named");
    }
    plan_.report = &report_;
    plan_.go_fd = -1;
    plan_.parent_fd = -1;
    add_program();
    add_stdio();
    add_rlimits();
    add_world();
}

const char* PlanStorage::keep(std::string text) {
    return texts_.emplace_back(std::move(text)).c_str();
}

const char* const* PlanStorage::keep_list(const std::vector<std::string>& texts) {
    std::vector<const char*>& list = lists_.emplace_back();
    list.reserve(texts.size() + 1);
    for (const std::string& text : texts)
        list.push_back(keep(text));
    list.push_back(nullptr);
    return list.data();
}

void PlanStorage::add_program() {
    for (const std::string& word : spec_.argv)
        refuse_nul(word, "an argument");
    std::vector<std::string> env;
    for (const auto& [name, value] : spec_.env) {
        refuse_nul(name, "the environment");
        refuse_nul(value, "the environment");
        env.push_back(name + "=" + value);
    }
    plan_.argv = keep_list(spec_.argv);
    plan_.envp = keep_list(env);
    plan_.candidates = keep_list(candidates(spec_));
    plan_.cwd = keep(spec_.cwd.empty() ? "/" : spec_.cwd.string());
    plan_.new_session = spec_.new_session || spec_.controlling_terminal;
    plan_.controlling_terminal = spec_.controlling_terminal;
    plan_.no_new_privileges = spec_.no_new_privileges;
    plan_.set_umask = spec_.umask.has_value();
    plan_.umask = spec_.umask.value_or(0);
    if (spec_.ids) {
        plan_.set_ids = true;
        plan_.uid = spec_.ids->uid;
        plan_.gid = spec_.ids->gid;
        plan_.groups = spec_.ids->groups.data();
        plan_.group_count = spec_.ids->groups.size();
        plan_.set_groups = true;
    }
}

void PlanStorage::add_stdio() {
    const int wanted[3] = {spec_.stdio.in, spec_.stdio.out, spec_.stdio.err};
    for (int i = 0; i < 3; ++i) {
        if (wanted[i] < 0 && !null_) null_ = open_file("/dev/null", O_RDWR);
        plan_.stdio[i] = wanted[i] < 0 ? null_.get() : wanted[i];
    }
}

void PlanStorage::add_rlimits() {
    const Limits& limits = spec_.limits;
    if (limits.open_files != 0) {
        rlimits_.push_back({RLIMIT_NOFILE, {limits.open_files, limits.open_files}});
    }
    plan_.rlimits = rlimits_.data();
    plan_.rlimit_count = rlimits_.size();
}

void PlanStorage::add_world() {
    const Namespaces& spaces = spec_.namespaces;
    plan_.mount_namespace = spaces.mount || !spec_.root.empty() || !spec_.mounts.empty();
    plan_.user_namespace = spaces.user;
    plan_.pid_namespace = spaces.pid;
    plan_.net_namespace = spaces.net;
    plan_.root_read_only = spec_.root_read_only && plan_.mount_namespace;
    if (!spec_.root.empty()) {
        if (!spec_.root.is_absolute()) {
            throw Error(ErrorCode::usage,
                        fmt::format("cannot use '{}' as root of a sandbox: it is not "
                                    "an absolute path",
                                    spec_.root.string()));
        }
        plan_.root = keep(spec_.root.string());
    }
    if (spaces.uts && !spec_.hostname.empty()) {
        plan_.hostname = keep(spec_.hostname);
        plan_.hostname_size = spec_.hostname.size();
    }
    for (std::size_t i = 0; i < spec_.mounts.size(); ++i)
        add_mount(spec_.mounts[i], i);
    plan_.mounts = mounts_.data();
    plan_.mount_count = mounts_.size();
}

std::string PlanStorage::stage_text() const {
    const std::size_t index = report_.index;
    const auto mount = [&] {
        return index < spec_.mounts.size() ? spec_.mounts[index].target.string() : std::string("?");
    };
    const auto source = [&] {
        const bool bind =
            index < spec_.mounts.size() && spec_.mounts[index].kind == MountKind::bind;
        return bind ? fmt::format(" from '{}'", spec_.mounts[index].source.string())
                    : std::string();
    };
    switch (report_.stage) {
        case Stage::none:
            return "nothing failed";
        case Stage::wait_for_maps:
            return "its user and group ids could not be mapped";
        case Stage::die_with_parent:
            return "its life could not be tied to this process";
        case Stage::private_mounts:
            return "its mounts could not be made private";
        case Stage::root:
            return fmt::format("'{}' cannot be its root", spec_.root.string());
        case Stage::mount_point:
            return fmt::format("mount point '{}' cannot be made", mount());
        case Stage::mount:
            return fmt::format("'{}' cannot be mounted{}", mount(), source());
        case Stage::pivot:
            return fmt::format("cannot change its root to '{}'", spec_.root.string());
        case Stage::root_read_only:
            return "its root cannot be made read-only";
        case Stage::hostname:
            return fmt::format("host name '{}' was refused", spec_.hostname);
        case Stage::loopback:
            return "its loopback interface cannot be raised";
        case Stage::session:
            return "it cannot have its own session";
        case Stage::terminal:
            return "its terminal cannot be made the controlling one";
        case Stage::cgroup:
            return "it cannot join its control group";
        case Stage::rlimit:
            return "a resource limit was refused";
        case Stage::groups:
            return "its groups cannot be set";
        case Stage::gid:
            return fmt::format("group id {} cannot be taken", spec_.ids->gid);
        case Stage::uid:
            return fmt::format("user id {} cannot be taken", spec_.ids->uid);
        case Stage::no_new_privileges:
            return "new privileges cannot be forbidden";
        case Stage::cwd:
            return fmt::format("cannot enter directory '{}'", spec_.cwd.string());
        case Stage::stdio:
            return "its standard streams cannot be set";
        case Stage::close_descriptors:
            return "inherited descriptors cannot be closed";
        case Stage::exec:
            return "the program cannot be executed";
    }
    return "an unknown step failed";
}

Error PlanStorage::error() const {
    return Error::from_errno(fmt::format("cannot start '{}': {}", spec_.argv.front(), stage_text()),
                             report_.error);
}

}  // namespace hab::sandbox
