// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_package.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <set>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "launcher/messages.hpp"
#include "package/environment.hpp"

namespace hab::supervisor {
namespace {

namespace metafile = package::metafile;

/// By one look into the directory instead of one for each name that a hook may have.
std::map<Hook, std::string> find_hooks(const std::filesystem::path& dir) {
    std::set<std::string, std::less<>> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(dir / "hooks", ignored)) {
        if (entry.is_regular_file(ignored)) names.insert(entry.path().filename().string());
    }
    std::map<Hook, std::string> found;
    for (const Hook hook : all_hooks) {
        for (const auto name : {to_string(hook), underscored(hook)}) {
            if (!names.contains(name)) continue;
            found.emplace(hook, dir / "hooks" / name);
            break;
        }
    }
    return found;
}

std::chrono::seconds shutdown_timeout(const package::Metafiles& meta) {
    const auto text = meta.read_or_empty(metafile::shutdown_timeout);
    if (text.empty()) return std::chrono::seconds(8);
    const auto seconds = parse_u64(text);
    if (!seconds || *seconds > 1'000'000) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}: '{}' is no number of seconds",
                                (meta.dir() / metafile::shutdown_timeout).string(), text));
    }
    return std::chrono::seconds(static_cast<long>(*seconds));
}

/// Ours: on which descriptor the process tells that it is ready.
constexpr std::string_view ready_fd_file = "SVC_READY_FD";

std::uint32_t ready_descriptor(const package::Metafiles& meta) {
    const auto text = meta.read_or_empty(ready_fd_file);
    if (text.empty()) return 0;
    const auto number = parse_u64(text);
    if (!number || *number < 3 || *number > 1000) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}: '{}' is no descriptor for readiness",
                                (meta.dir() / ready_fd_file).string(), text),
                    "pkg_svc_ready_fd takes a number from 3 to 1000");
    }
    return static_cast<std::uint32_t>(*number);
}

package::ServiceLimits read_limits(const package::Metafiles& meta) {
    package::ServiceLimits limits;
    for (const auto& [name, text] : meta.key_values(package::service_limits_file)) {
        try {
            package::set_limit(limits, name, text);
        } catch (const Error& error) {
            throw Error(error.code(),
                        fmt::format("{}: {}", (meta.dir() / package::service_limits_file).string(),
                                    error.message()),
                        error.hint());
        }
    }
    return limits;
}

PackageState read_metafiles(const package::InstalledPackage& package, const Paths& paths,
                            const std::string& service) {
    const auto& ident = package.ident();
    const auto& meta = package.meta();
    PackageState state;
    state.ident = ident.to_string();
    state.origin = ident.origin;
    state.name = ident.name;
    state.version = ident.version;
    state.release = ident.release;
    for (const auto& dep : package.tdeps())
        state.dependencies.push_back(dep.to_string());
    for (const auto port : package::parse_ports(meta.read_or_empty(metafile::exposes), "EXPOSES")) {
        state.exposes.push_back(std::to_string(port));
    }
    state.exports = meta.key_values(metafile::exports);
    state.path = package.dir().string();
    set_service_paths(state, paths.svc(service.empty() ? state.name : service));
    state.shutdown_signal = meta.read_or_empty(metafile::shutdown_signal);
    if (state.shutdown_signal.empty()) state.shutdown_signal = "TERM";
    state.shutdown_timeout = shutdown_timeout(meta);
    return state;
}

}  // namespace

int signal_number(std::string_view name) {
    std::string_view bare = name;
    if (bare.starts_with("SIG")) bare.remove_prefix(3);
    if (const auto number = parse_u64(bare); number && *number >= 1 && *number < NSIG) {
        return static_cast<int>(*number);
    }
    for (int number = 1; number < NSIG; ++number) {
        const char* known = ::sigabbrev_np(number);
        if (known != nullptr && bare == known) return number;
    }
    throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no signal", name),
                "pkg_shutdown_signal takes names such as TERM, QUIT or INT");
}

void set_service_paths(PackageState& state, const std::filesystem::path& svc) {
    state.svc_path = svc.string();
    state.svc_config_path = (svc / "config").string();
    state.svc_data_path = (svc / "data").string();
    state.svc_files_path = (svc / "files").string();
    state.svc_static_path = (svc / "static").string();
    state.svc_var_path = (svc / "var").string();
    state.svc_pid_file = (svc / "PID").string();
    state.svc_run = (svc / "run").string();
}

package::EnvironmentMap service_environment(
    const std::vector<std::pair<std::string, std::string>>& runtime) {
    auto env = package::merged_environment({runtime.begin(), runtime.end()},
                                           package::process_environment());
    for (const char* ours :
         {launcher::socket_variable, launcher::pid_variable, launcher::service_variable}) {
        env.erase(ours);
    }
    return env;
}

PackageState package_state(const package::InstalledPackage& package,
                           const package::InstalledPackages& store, const ServiceUser& user,
                           const std::string& service) {
    PackageState state = read_metafiles(package, store.paths(), service);
    state.svc_user = user.user;
    state.svc_group = user.group;
    for (const auto& [name, value] : package::runtime_environment(package, store))
        state.env.emplace_back(name, value);
    return state;
}

config::TemplateChoice template_choice(const package::Metafiles& meta) {
    config::TemplateChoice choice;
    if (auto engine = meta.read_or_empty(metafile::template_engine); !engine.empty())
        choice.engine = std::move(engine);
    if (auto mode = meta.read_or_empty(metafile::template_mode); !mode.empty())
        choice.mode = std::move(mode);
    choice.strict = meta.read_or_empty(metafile::template_strict) == "true";
    return choice;
}

ServicePackage load_service_package(const package::InstalledPackage& package,
                                    const package::InstalledPackages& store,
                                    const std::optional<std::string>& config_from,
                                    const ServiceUser& user, const std::string& service) {
    ServicePackage result;
    result.service = service;
    result.state = package_state(package, store, user, service);
    result.dir = package.dir();
    result.templates = config_from ? std::filesystem::path(*config_from) : result.dir;
    result.hooks = find_hooks(result.templates);
    result.stop_signal = signal_number(result.state.shutdown_signal);
    if (!result.hooks.contains(Hook::run)) {
        if (::access((result.dir / "run").c_str(), R_OK) != 0) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("{} is not a service: it has neither a run hook nor a run file",
                                    result.state.ident),
                        "add hooks/run to its plan, or set pkg_svc_run");
        }
        result.plain_run = true;
    }
    const auto& meta = package.meta();
    result.ready_fd = ready_descriptor(meta);
    result.limits = read_limits(meta);
    for (const auto name : {metafile::binds, metafile::binds_optional}) {
        for (auto& bind : meta.binds(name)) {
            result.bind_names.push_back(bind.name);
            result.state.binds.push_back(std::move(bind));
        }
    }
    result.templating = template_choice(meta);
    return result;
}

}  // namespace hab::supervisor
