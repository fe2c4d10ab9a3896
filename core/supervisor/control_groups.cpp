// SPDX-License-Identifier: Apache-2.0
#include "supervisor/control_groups.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "launcher/marks.hpp"
#include "launcher/messages.hpp"
#include "sandbox/control_group.hpp"

namespace hab::supervisor {
namespace {

namespace fs = std::filesystem;
using package::ServiceLimits;
using sandbox::counter;
using sandbox::write_setting;

constexpr std::array<std::string_view, 3> controllers{"memory", "pids", "cpu"};
/// Version 2 only lets groups without processes hand controllers down: ours move in here.
constexpr std::string_view leaf = "hab-supervisor";
constexpr std::string_view group_prefix = "svc-";
constexpr std::string_view procs = "cgroup.procs";

void make_group(const fs::path& dir) {
    if (::mkdir(dir.c_str(), 0755) != 0 && errno != EEXIST) {
        throw Error::from_errno(fmt::format("cannot make {}", dir.string()));
    }
}

fs::path setting_of(std::string_view controller, bool is_v2) {
    if (controller == "pids") return "pids.max";
    if (controller == "memory") return is_v2 ? "memory.max" : "memory.limit_in_bytes";
    return is_v2 ? "cpu.max" : "cpu.cfs_quota_us";
}

std::string setting(std::string_view controller, std::uint64_t value, bool is_v2) {
    if (value == ServiceLimits::none) return is_v2 || controller == "pids" ? "max" : "-1";
    if (controller != "cpu") return std::to_string(value);
    // A percent of one processor is a millisecond in each period of 100 ms.
    return fmt::format("{}{}", value * 1000, is_v2 ? " 100000" : "");
}

/// Those that can be seen from here.
std::vector<pid_t> members(const fs::path& group) {
    std::vector<pid_t> pids;
    const std::string text = read_file_if_exists(group / procs).value_or("");
    for (const auto line : split(text, '\n')) {
        const auto pid = parse_u64(line);
        if (pid && *pid > 0) pids.push_back(static_cast<pid_t>(*pid));
    }
    return pids;
}

/// Moves this program, its launcher and everything that was started without a limit.
void move_to_leaf(const fs::path& base) {
    const char* mark = std::getenv(launcher::mark_variable);
    make_group(base / leaf);
    for (const pid_t pid : members(base)) {
        const bool ours =
            pid == ::getpid() || pid == ::getppid() ||
            (mark != nullptr && launcher::environment_has(pid, launcher::mark_variable, mark));
        if (ours) write_setting(base / leaf / procs, std::to_string(pid));
    }
}

/// Lets groups below `base` have the controller.
void hand_down(const fs::path& base, std::string_view controller) {
    const std::string word = fmt::format("+{}", controller);
    try {
        write_setting(base / "cgroup.subtree_control", word);
    } catch (const Error&) {
        move_to_leaf(base);
        write_setting(base / "cgroup.subtree_control", word);
    }
}

}  // namespace

ControlGroups::Place ControlGroups::Place::of_this_process() {
    Place place;
    place.membership = read_file_if_exists("/proc/self/cgroup").value_or("");
    return place;
}

ControlGroups::ControlGroups(Place place, const std::string& id, fs::path record)
    : place_(std::move(place)), name_("hab-" + id), record_(std::move(record)) {}

ControlGroups::Root ControlGroups::find_root(std::string_view controller) const {
    Root root;
    fs::path own = sandbox::own_group(place_.membership, controller, place_.mount, root.is_v2);
    if (own.empty()) {
        throw Error(ErrorCode::unsupported,
                    fmt::format("this machine has no control groups for {}", controller));
    }
    if (own.filename() == leaf) own = own.parent_path();
    std::error_code ignored;
    // In a container the name may be one outside of it, while its own group is mounted as the top.
    const bool visible = std::find(own.begin(), own.end(), "..") == own.end();
    if (!visible || !fs::is_directory(own, ignored)) {
        own = root.is_v2 ? place_.mount
                         : place_.mount / *own.lexically_relative(place_.mount).begin();
    }
    root.dir = own / name_;
    return root;
}

void ControlGroups::make_root(const Root& root, std::string_view controller) const {
    if (root.is_v2) hand_down(root.dir.parent_path(), controller);
    make_group(root.dir);
    note_root(root.dir);
    if (root.is_v2)
        write_setting(root.dir / "cgroup.subtree_control", fmt::format("+{}", controller));
}

std::vector<fs::path> ControlGroups::recorded_roots() const {
    std::vector<fs::path> roots;
    const std::string text = read_file_if_exists(record_).value_or("");
    for (const auto line : split(text, '\n')) {
        // Only what we would have written: directories are removed by this list.
        if (fs::path(line).is_absolute() && fs::path(line).filename() == name_)
            roots.emplace_back(line);
    }
    return roots;
}

void ControlGroups::note_root(const fs::path& dir) const {
    auto roots = recorded_roots();
    if (std::find(roots.begin(), roots.end(), dir) != roots.end()) return;
    roots.push_back(dir);
    std::string text;
    for (const auto& each : roots)
        text += each.string() + "\n";
    WriteOptions options;
    options.durable = false;  // groups do not survive a crash of the machine either
    write_file_atomic(record_, text, options);
}

void ControlGroups::limit(Prepared& prepared, const std::string& service,
                          std::string_view controller, std::uint64_t value) const {
    const Root root = find_root(controller);
    const fs::path group = root.dir / (std::string(group_prefix) + service);
    const fs::path file = group / setting_of(controller, root.is_v2);
    const std::string join = (group / procs).string();
    const auto& known = prepared.procs;
    const bool is_joined = std::find(known.begin(), known.end(), join) != known.end();
    if (value == ServiceLimits::none) {
        std::error_code ignored;
        // Controllers may be mounted together: then the group may just have been made for another.
        const bool removed = !root.is_v2 && !is_joined && ::rmdir(group.c_str()) == 0;
        if (removed || !fs::exists(file, ignored)) return;
    } else {
        make_root(root, controller);
        make_group(group);
    }
    write_setting(file, setting(controller, value, root.is_v2));
    if (value != ServiceLimits::none && !is_joined) prepared.procs.push_back(join);
}

ControlGroups::Prepared ControlGroups::prepare(const std::string& service,
                                               const ServiceLimits& limits) {
    Prepared prepared;
    const auto is_of_groups = [&](std::string_view name) {
        return package::find_limit(limits, name)->has_value();
    };
    // Most services: none is asked for, and no earlier one is left that had to be lifted.
    if (std::none_of(controllers.begin(), controllers.end(), is_of_groups) &&
        recorded_roots().empty()) {
        return prepared;
    }
    for (const auto controller : controllers) {
        const auto value = package::find_limit(limits, controller)->value_or(ServiceLimits::none);
        try {
            limit(prepared, service, controller, value);
        } catch (const Error& error) {
            // Without such groups there was no limit that had to be lifted.
            if (value == ServiceLimits::none && error.code() == ErrorCode::unsupported) continue;
            prepared.not_enforced.push_back(
                value == ServiceLimits::none
                    ? fmt::format("an earlier {} limit may still be in force: {}", controller,
                                  error.message())
                    : fmt::format("the {} limit of {} is not enforced: {}", controller,
                                  package::limit_text(controller, value), error.message()));
        }
    }
    return prepared;
}

std::vector<fs::path> ControlGroups::groups_of(const std::string& service) const {
    std::vector<fs::path> groups;
    std::error_code ignored;
    for (const auto& root : recorded_roots()) {
        auto group = root / (std::string(group_prefix) + service);
        if (fs::is_directory(group, ignored)) groups.push_back(std::move(group));
    }
    return groups;
}

std::uint64_t ControlGroups::oom_kills(const std::string& service) const {
    std::uint64_t kills = 0;
    for (const auto& group : groups_of(service)) {
        kills += counter(group / "memory.oom_control", "oom_kill");
        kills += counter(group / "memory.events", "oom_kill");
    }
    return kills;
}

void ControlGroups::kill_members(const std::string& service) const {
    for (const auto& group : groups_of(service)) {
        for (const pid_t pid : members(group))
            ::kill(pid, SIGKILL);
    }
}

bool ControlGroups::remove(const std::string& service) {
    bool gone = true;
    for (const auto& group : groups_of(service)) {
        if (::rmdir(group.c_str()) != 0 && errno != ENOENT) gone = false;
    }
    for (const auto& root : recorded_roots())
        ::rmdir(root.c_str());  // the last service takes it along
    return gone;
}

void ControlGroups::remove_all_but(const std::vector<std::string>& services) {
    std::error_code ignored;
    for (const auto& root : recorded_roots()) {
        std::vector<std::string> unused;
        for (const auto& entry : fs::directory_iterator(root, ignored)) {
            std::string name = entry.path().filename().string();
            if (!entry.is_directory(ignored) || !name.starts_with(group_prefix)) continue;
            name.erase(0, group_prefix.size());
            if (std::find(services.begin(), services.end(), name) == services.end())
                unused.push_back(std::move(name));
        }
        for (const auto& name : unused) {
            kill_members(name);
            (void)remove(name);
        }
        ::rmdir(root.c_str());
    }
}

}  // namespace hab::supervisor
