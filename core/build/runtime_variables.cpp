// SPDX-License-Identifier: Apache-2.0
#include "build/runtime_variables.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

namespace hab::build {
namespace {

/// docs/guide/plan-reference.md says what each is for.
const std::vector<std::string>& scalars() {
    static const std::vector<std::string> names = {"pkg_name",
                                                   "pkg_origin",
                                                   "pkg_version",
                                                   "pkg_release",
                                                   "pkg_description",
                                                   "pkg_upstream_url",
                                                   "pkg_maintainer",
                                                   "pkg_source",
                                                   "pkg_filename",
                                                   "pkg_shasum",
                                                   "pkg_dirname",
                                                   "pkg_prefix",
                                                   "pkg_svc_run",
                                                   "pkg_svc_user",
                                                   "pkg_svc_group",
                                                   "pkg_svc_path",
                                                   "pkg_svc_data_path",
                                                   "pkg_scaffolding",
                                                   "pkg_type",
                                                   "pkg_shutdown_signal",
                                                   "pkg_shutdown_timeout_sec",
                                                   "pkg_svc_ready_fd",
                                                   "pkg_template_engine",
                                                   "pkg_template_mode",
                                                   "SOURCE_DATE_EPOCH",
                                                   "pkg_template_strict",
                                                   "CFLAGS",
                                                   "CPPFLAGS",
                                                   "CXXFLAGS",
                                                   "LDFLAGS",
                                                   "LD_RUN_PATH",
                                                   "PKG_CONFIG_PATH",
                                                   "_hab_step"};
    return names;
}

const std::vector<std::string>& arrays() {
    static const std::vector<std::string> names = {
        "pkg_license",  "pkg_deps",         "pkg_build_deps",   "pkg_bin_dirs",
        "pkg_lib_dirs", "pkg_include_dirs", "pkg_pconfig_dirs", "pkg_interpreters",
        "pkg_exposes",  "pkg_expose",       "pkg_plugins"};
    return names;
}

/// A token, so that plans may mention the paths before pkg_name is known.
constexpr std::string_view service_token = "/hab/svc/@__pkg_name__@";

}  // namespace

fs::path runtime_dir() {
    fs::path dir = install_prefix() / "share" / "hab" / "build";
    if (!fs::exists(dir / "main.sh")) {
        throw Error(ErrorCode::not_found,
                    fmt::format("the build runtime is not in '{}'", dir.string()),
                    "install hab again: its share/hab/build directory is missing");
    }
    return dir;
}

std::vector<std::string> known_variables() {
    std::vector<std::string> names = {"pkg_exports",
                                      "pkg_binds",
                                      "pkg_binds_optional",
                                      "pkg_svc_limits",
                                      "pkg_all_deps_resolved",
                                      "pkg_deps_resolved",
                                      "pkg_build_deps_resolved",
                                      "pkg_tdeps_resolved",
                                      "pkg_build_tdeps_resolved",
                                      "pkg_all_tdeps_resolved",
                                      "pkg_target",
                                      "pkg_output_path",
                                      "pkg_artifact"};
    for (const char* name : {"data", "files", "var", "config", "config_install", "static"})
        names.push_back(fmt::format("pkg_svc_{}_path", name));
    for (const auto* list : {&scalars(), &arrays()}) {
        for (const std::string& name : *list) {
            if (name.starts_with("pkg_")) names.push_back(name);
        }
    }
    return names;
}

void assign_defaults(Assignments& values, const NameRoots& roots) {
    values.list("_hab_scalars", scalars());
    values.list("_hab_arrays", arrays());
    values.list("_hab_maps", {"pkg_exports", "pkg_binds", "pkg_binds_optional", "pkg_svc_limits",
                              "_hab_environ"});
    for (const char* name :
         {"pkg_name", "pkg_origin", "pkg_version", "pkg_description", "pkg_upstream_url",
          "pkg_maintainer", "pkg_svc_run", "pkg_prefix", "pkg_svc_group"}) {
        values.text(name, "");
    }
    for (const std::string& name : arrays()) {
        if (name != "pkg_expose") values.list(name, {});
    }
    for (const char* name :
         {"pkg_all_deps_resolved", "pkg_deps_resolved", "pkg_build_deps_resolved",
          "pkg_tdeps_resolved", "pkg_build_tdeps_resolved", "pkg_all_tdeps_resolved"}) {
        values.list(name, {});
    }
    values.text("pkg_svc_user", "hab");
    values.text("pkg_svc_path", std::string(service_token));
    for (const char* name : {"data", "files", "var", "config", "config_install", "static"}) {
        values.text(fmt::format("pkg_svc_{}_path", name),
                    fmt::format("{}/{}", service_token, name));
    }
    values.text("pkg_target", roots.target);
    values.text("HAB_ROOT_PATH", "/hab");
    values.exported("HAB_PKG_PATH", roots.packages);
    values.exported("HAB_CACHE_SRC_PATH", roots.source_cache);
    values.exported("HAB_CACHE_ARTIFACT_PATH", roots.artifacts);
    // Upstream's name for the program; a few plans call it.
    values.text("_wget_cmd", "wget");
}

}  // namespace hab::build
