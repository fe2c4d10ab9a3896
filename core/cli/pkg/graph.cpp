// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/strings.hpp"
#include "cli/pkg/commands.hpp"
#include "package/package_picture.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "PKG_IDENT", .help = "An installed package"}};
constexpr std::array options = {
    OptionSpec{.name = "output",
               .letter = 'o',
               .kind = OptionKind::value,
               .value_name = "FILE",
               .help = "Write to this file, not to the standard output",
               .env = {},
               .default_value = {}},
    OptionSpec{.name = "reverse",
               .letter = 'r',
               .value_name = {},
               .help = "What depends on the package",
               .env = {},
               .default_value = {}},
    OptionSpec{.name = "depth",
               .kind = OptionKind::value,
               .value_name = "N",
               .help = "Only what can be reached in N steps; 0: everything",
               .env = {},
               .default_value = "0"},
    OptionSpec{.name = "format",
               .kind = OptionKind::value,
               .value_name = "FORMAT",
               .help = "svg, dot or json",
               .env = {},
               .default_value = "svg"}};

std::string draw(const package::Picture& picture, const std::string& format) {
    if (format == "dot") return to_dot(picture);
    return format == "json" ? to_json_text(picture) : to_svg(picture);
}

int run(Invocation& invocation) {
    const std::string format = invocation.args.require("format");
    if (format != "svg" && format != "dot" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not an output format", format),
                    "use --format svg, dot or json");
    }
    const std::string steps = invocation.args.require("depth");
    const auto depth = parse_u64(steps);
    if (!depth || *depth > 1'000'000) {
        throw Error(ErrorCode::usage,
                    fmt::format("--depth takes a number of steps, not '{}'", steps));
    }
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    const auto direction = invocation.args.flag("reverse") ? package::Direction::dependents
                                                           : package::Direction::dependencies;
    const auto graph = package::PackageGraph::read(store);
    for (const auto& damaged : graph.damaged())
        invocation.terminal.warn(damaged.error.message());
    const std::string text = draw(
        package::make_picture(graph, package.ident(), direction, static_cast<unsigned>(*depth)),
        format);
    if (const auto file = invocation.args.get("output")) {
        write_file_atomic(*file, text);
        invocation.terminal.end(
            fmt::format("Graph of {} written to {}", package.ident().to_string(), *file));
    } else {
        invocation.terminal.out(text);
    }
    return 0;
}

}  // namespace

const Command& pkg_graph_command() {
    static constexpr Command command = {
        .path = "pkg graph",
        .summary = "Draw what a package depends on",
        .description =
            "As an SVG picture of the installed packages, for Graphviz, or as JSON. The "
            "picture leaves out what follows from the rest; dot and json have every "
            "direct dependency.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
