// SPDX-License-Identifier: Apache-2.0
#include "build/package_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "build/build_error.hpp"
#include "build/dep_environment.hpp"
#include "config/toml.hpp"
#include "package/service_limits.hpp"

namespace hab::build {
namespace {

using package::Ident;
using Files = std::map<std::string, std::string>;

[[noreturn]] void wrong(std::string message, std::string hint) {
    throw BuildError(1, Error(ErrorCode::invalid_input, std::move(message), std::move(hint)));
}

std::vector<std::string> below(const PackageFacts& facts, const std::vector<std::string>& dirs,
                               std::string_view before = {}) {
    std::vector<std::string> paths;
    for (const std::string& dir : dirs)
        paths.push_back(fmt::format("{}{}/{}", before, facts.prefix(), dir));
    return paths;
}

std::string ident_lines(const Packages& packages) {
    std::vector<std::string> lines;
    for (const Ident& ident : idents_of(packages))
        lines.push_back(ident.to_string());
    return join(lines, "\n");
}

std::string key_value_lines(const PlanValues::Map& map) {
    std::vector<std::string> lines;
    for (const auto& [key, value] : map)
        lines.push_back(key + "=" + value);
    return join(lines, "\n");
}

std::uint64_t port_number(std::string_view text, std::string_view what) {
    const auto port = parse_u64(text);
    if (!port || *port < 1 || *port > 65535) {
        wrong(fmt::format("{}: '{}' is not a port (1 to 65535)", what, text),
              "correct it in the plan or in default.toml");
    }
    return *port;
}

std::string exposed_port(const PackageFacts& facts, const Value& config, const std::string& key) {
    const auto& exports = facts.plan.map("pkg_exports");
    const auto found = exports.find(key);
    if (found == exports.end()) {
        wrong(fmt::format("pkg_exposes names '{}', which is not in pkg_exports", key),
              "add it: pkg_exports=([KEY]=path.in.default.toml)");
    }
    const Value* value = config.at_path(found->second);
    if (value == nullptr) {
        wrong(fmt::format("pkg_exposes needs '{}' in default.toml, for the key '{}'", found->second,
                          key),
              "give it a value there");
    }
    std::string text;
    if (value->as_int() != nullptr) text = fmt::format("{}", *value->as_int());
    if (value->as_string() != nullptr) text = *value->as_string();
    return fmt::format("{}", port_number(text, fmt::format("{} in default.toml", found->second)));
}

std::string exposes(const PackageFacts& facts) {
    std::vector<std::string> ports;
    if (!facts.plan.list("pkg_exposes").empty()) {
        const Value config = config::parse_toml(facts.default_toml, "default.toml");
        for (const std::string& key : facts.plan.list("pkg_exposes"))
            ports.push_back(exposed_port(facts, config, key));
    }
    for (const std::string& port : facts.plan.list("pkg_expose"))
        ports.push_back(fmt::format("{}", port_number(port, "pkg_expose")));
    return join(ports, " ");
}

void add_compiler_files(const PackageFacts& facts, Files& files) {
    const PlanValues& plan = facts.plan;
    const std::string includes = join(below(facts, plan.list("pkg_include_dirs"), "-I"), " ");
    files["LD_RUN_PATH"] = join(below(facts, plan.list("pkg_lib_dirs")), ":");
    files["LDFLAGS"] = join(below(facts, plan.list("pkg_lib_dirs"), "-L"), " ");
    files["CFLAGS"] = files["CPPFLAGS"] = files["CXXFLAGS"] = includes;
    const auto& pconfig = plan.list("pkg_pconfig_dirs");
    files["PKG_CONFIG_PATH"] =
        join(below(facts, pconfig.empty() ? facts.pkg_config_dirs : pconfig), ":");
}

void add_environment_files(const PackageFacts& facts, Files& files) {
    const std::vector<std::string> own = below(facts, facts.plan.list("pkg_bin_dirs"));
    files["PATH"] = join(own, ":");
    files["RUNTIME_PATH"] = join(runtime_path(own, facts.deps), ":");
    PlanValues::Map runtime = facts.plan.map("_hab_runtime_env");
    // Readers of 2017 packages take PATH from here; later ones drop it.
    if (!files["RUNTIME_PATH"].empty()) runtime["PATH"] = files["RUNTIME_PATH"];
    files["RUNTIME_ENVIRONMENT"] = key_value_lines(runtime);
    files["RUNTIME_ENVIRONMENT_PROVENANCE"] =
        key_value_lines(facts.plan.map("_hab_runtime_provenance"));
    files["BUILDTIME_ENVIRONMENT"] = key_value_lines(facts.plan.map("_hab_buildtime_env"));
    files["BUILDTIME_ENVIRONMENT_PROVENANCE"] =
        key_value_lines(facts.plan.map("_hab_buildtime_provenance"));
}

/// Checked as the Supervisor reads them, so that a wrong one is told where it is written.
std::string limit_lines(const PlanValues::Map& map) {
    package::ServiceLimits limits;
    for (const auto& [name, text] : map) {
        try {
            package::set_limit(limits, name, text);
        } catch (const Error& error) {
            wrong(fmt::format("pkg_svc_limits: {}", error.message()), error.hint());
        }
    }
    return key_value_lines(map);
}

void add_service_files(const PackageFacts& facts, Files& files) {
    const PlanValues& plan = facts.plan;
    files["EXPORTS"] = key_value_lines(plan.map("pkg_exports"));
    files["EXPOSES"] = exposes(facts);
    files["BINDS"] = key_value_lines(plan.map("pkg_binds"));
    files["BINDS_OPTIONAL"] = key_value_lines(plan.map("pkg_binds_optional"));
    if (facts.has_run_script) {
        files["SVC_USER"] = plan.text("pkg_svc_user");
        files["SVC_GROUP"] = plan.text("pkg_svc_group");
    }
    static constexpr std::array signals = {"HUP",  "INT",  "QUIT", "ILL",  "ABRT", "FPE", "KILL",
                                           "USR1", "SEGV", "USR2", "ALRM", "TERM", "CHLD"};
    const std::string& signal = plan.text("pkg_shutdown_signal");
    if (!signal.empty() && std::find(signals.begin(), signals.end(), signal) == signals.end()) {
        wrong(fmt::format("pkg_shutdown_signal '{}' is not a signal that services can get", signal),
              fmt::format("use one of {}", fmt::join(signals, " ")));
    }
    files["SHUTDOWN_SIGNAL"] = signal;
    const std::string& timeout = plan.text("pkg_shutdown_timeout_sec");
    if (const auto seconds = parse_u64(timeout);
        !timeout.empty() && (!seconds || *seconds > 0xffffffffu)) {
        wrong(fmt::format("pkg_shutdown_timeout_sec '{}' is not a number of seconds", timeout),
              "give a whole number, for example 8");
    }
    files["SHUTDOWN_TIMEOUT"] = timeout;
    const std::string& ready_fd = plan.text("pkg_svc_ready_fd");
    if (const auto number = parse_u64(ready_fd);
        !ready_fd.empty() && (!number || *number < 3 || *number > 1000)) {
        wrong(fmt::format("pkg_svc_ready_fd '{}' is not a descriptor from 3 to 1000", ready_fd),
              "give a number, for example 3");
    }
    files["SVC_READY_FD"] = ready_fd;
    files[std::string(package::service_limits_file)] = limit_lines(plan.map("pkg_svc_limits"));
    files["TEMPLATE_ENGINE"] = plan.text("pkg_template_engine");
    files["TEMPLATE_MODE"] = plan.text("pkg_template_mode");
    const std::string& strict = plan.text("pkg_template_strict");
    if (!strict.empty() && strict != "true" && strict != "false") {
        wrong(fmt::format("pkg_template_strict '{}' is neither true nor false", strict),
              "write pkg_template_strict=true");
    }
    if (strict == "true") files["TEMPLATE_STRICT"] = strict;
    files["PLUGINS"] = join(plan.list("pkg_plugins"), "\n");
}

}  // namespace

Files metafile_contents(const PackageFacts& facts) {
    Files files;
    add_compiler_files(facts, files);
    add_environment_files(facts, files);
    add_service_files(facts, files);
    files["INTERPRETERS"] = join(below(facts, facts.plan.list("pkg_interpreters")), "\n");
    files["BUILD_DEPS"] = ident_lines(facts.deps.build);
    files["BUILD_TDEPS"] = ident_lines(facts.deps.build_all);
    files["DEPS"] = ident_lines(facts.deps.run);
    files["TDEPS"] = ident_lines(facts.deps.run_all);
    files["TARGET"] = facts.target.to_string();
    files["IDENT"] = facts.ident.to_string();
    if (facts.native) files["PACKAGE_TYPE"] = "native";
    std::erase_if(files, [](const auto& entry) { return entry.second.empty(); });
    return files;
}

}  // namespace hab::build
