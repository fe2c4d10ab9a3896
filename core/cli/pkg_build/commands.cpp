// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg_build/commands.hpp"

#include <array>
#include <cstdlib>

#include "base/strings.hpp"
#include "build/builder.hpp"
#include "package/artifact_directory.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{"PLAN_CONTEXT", "Directory that contains plan.sh or habitat/plan.sh", false}};

constexpr std::array options = {
    OptionSpec{"keys", 'k', OptionKind::value, "ORIGIN,...",
               "Origins whose secret keys must be there", "HAB_ORIGIN_KEYS"},
    OptionSpec{"native", 'N', OptionKind::flag, {}, "Build on this machine, without a studio"},
    OptionSpec{"src", 's', OptionKind::value, "DIR",
               "Source directory: /src in the studio (default: the current one)"},
    OptionSpec{"root", 'r', OptionKind::value, "DIR", "Directory of the studio", "HAB_STUDIO_ROOT"},
    OptionSpec{"reuse", 'R', OptionKind::flag, {}, "Use the studio that is there, as it is"},
    OptionSpec{.name = "backend",
               .kind = OptionKind::value,
               .value_name = "STUDIO",
               .help = "Studio plugin (default: the first of chroot, userns, docker that works)",
               .env = "HAB_STUDIO_BACKEND",
               .setting = "studio_backend"},
    OptionSpec{"verbose",
               'v',
               OptionKind::flag,
               {},
               "Say which studios were passed over, and why",
               "VERBOSE"},
    OptionSpec{"compression", '\0', OptionKind::value, "xz|zstd|none",
               "How the artifact is compressed (upstream reads xz only)", "HAB_HART_COMPRESSION",
               "xz"},
    OptionSpec{"compression-level", '\0', OptionKind::value, "LEVEL",
               "0 to 9 for xz (6), 1 to 19 for zstd (3)", "HAB_HART_COMPRESSION_LEVEL"},
};

constexpr std::array import_arguments = {ArgumentSpec{"NAME", "Debian package, as apt knows it"}};
constexpr std::array import_options = {
    OptionSpec{"plans",
               '\0',
               OptionKind::value,
               "DIR",
               "Directory of plans: new ones go there, and those that are there are used",
               {},
               "."},
};

fs::path absolute_or_current(const std::optional<std::string>& path) {
    return (path ? fs::absolute(*path) : fs::current_path()).lexically_normal();
}

fs::path without_slash(fs::path path) {
    return path.has_filename() ? path : path.parent_path();
}

build::BuildOptions read_options(const Invocation& invocation) {
    const Arguments& args = invocation.args;
    build::BuildOptions result;
    result.context = without_slash(absolute_or_current(args.get("PLAN_CONTEXT").value_or(".")));
    result.native = args.flag("native");
    result.reuse_studio = args.flag("reuse");
    if (result.native && result.reuse_studio) {
        throw Error(ErrorCode::usage, "--native and --reuse exclude each other",
                    "a native build has no studio to reuse");
    }
    const fs::path current = fs::current_path();
    result.source_root = without_slash(absolute_or_current(args.get("src")));
    if (!args.get("src")) {
        // A plan outside the current directory brings its own source directory.
        const auto relative = result.context.lexically_relative(current);
        if (result.native || relative.empty() || *relative.begin() == "..") {
            result.source_root = result.context;
        }
    }
    const char* output = std::getenv("HAB_OUTPUT_PATH");
    result.output_dir =
        output != nullptr && *output != '\0' ? fs::absolute(output) : current / "results";
    if (const auto keys = args.get("keys")) {
        for (const std::string_view origin : split(*keys, ','))
            if (!origin.empty()) result.key_origins.emplace_back(origin);
    }
    result.backend = args.get("backend").value_or(std::string());
    result.verbose = args.flag("verbose");
    result.compression = package::parse_compression(
        args.require("compression"), args.get("compression-level").value_or(std::string()));
    if (const auto root = args.get("root")) result.studio_root = fs::absolute(*root);
    result.plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()};
    return result;
}

/// Plans find their origin in HAB_ORIGIN; where nobody set it, cli.toml says it.
void default_origin(const Settings& settings) {
    const char* given = std::getenv("HAB_ORIGIN");
    if (given != nullptr && *given != '\0') return;
    if (const auto origin = settings.get("origin")) {
        ::setenv("HAB_ORIGIN", origin->c_str(), 1);
    }
}

int run_build(Invocation& invocation) {
    default_origin(invocation.settings);
    package::ArtifactDirectory cache(invocation.paths.artifact_cache());
    const build::BuildContext context{
        invocation.paths, invocation.clock, invocation.terminal, {&cache}};
    try {
        const build::BuildResult result = build::build_package(read_options(invocation), context);
        invocation.terminal.end("Built " + result.ident.to_string());
        return 0;
    } catch (const build::BuildError& error) {
        // These have exit codes of their own, which main does not know.
        invocation.terminal.fatal(error);
        return error.exit_code();
    }
}

}  // namespace

std::span<const Command> pkg_build_commands() {
    static constexpr std::string_view exit_codes =
        "17  the scaffolding could not be loaded\n"
        "21  update_pkg_version was called too late\n"
        "31  two releases of one package are needed at run time\n"
        "35  there is no secret key to sign with\n"
        "42  no plan, or more than one\n"
        "other  exit status of the failing phase of the plan";
    static constexpr std::array commands = {
        Command{.path = "pkg build",
                .summary = "Build a package from a plan",
                .description =
                    "Evaluates plan.sh in a studio (or natively with -N), packs and signs what it\n"
                    "installs, and puts the .hart file, last_build.env and a log into results/.",
                .arguments = arguments,
                .options = options,
                .exit_codes = exit_codes,
                .run = run_build},
        Command{.path = "studio build",
                .summary = "Build a package from a plan",
                .description = "The same as 'hab pkg build'.",
                .arguments = arguments,
                .options = options,
                .exit_codes = exit_codes,
                .run = run_build},
        Command{
            .path = "plan import deb",
            .summary = "Write the plan of a Debian package, and of what it needs",
            .description =
                "The plans repackage Debian's binary packages with core/scaffolding-deb. What is\n"
                "made by a plan that is in the directory is depended on. What a program needs\n"
                "and no dependency has is told when it is built.",
            .arguments = import_arguments,
            .options = import_options,
            .exit_codes = {},
            .run = run_plan_import},
    };
    return commands;
}

}  // namespace hab::cli
