// SPDX-License-Identifier: Apache-2.0
// `hab plugin describe`: loads a plugin. Run as a child, because loading runs its code.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/plugin/commands.hpp"
#include "host/session.hpp"

namespace hab::cli {
namespace {

void print_line(Terminal& terminal, std::string key, Value value) {
    Object object;
    object.set(std::move(key), std::move(value));
    terminal.out(to_json(object) + "\n");
}

Object to_value(const plugin::StudioProbe& probe) {
    Array reasons;
    for (const auto& reason : probe.reasons)
        reasons.emplace_back(reason);
    Object object;
    object.set("usable", probe.usable);
    object.set("reasons", std::move(reasons));
    return object;
}

}  // namespace

int run_plugin_describe(Invocation& invocation) {
    const auto name = invocation.args.require("PLUGIN");
    const auto slash = name.find('/');
    const auto kind = plugin::kind_from_word(name.substr(0, slash));
    if (!kind || slash == std::string::npos) {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not KIND/ID", name),
                    "write it like exporter/tar");
    }
    host::SessionOptions options;
    options.paths = invocation.paths;
    options.plugin_files.assign(invocation.plugin_files.begin(), invocation.plugin_files.end());
    host::Session session(std::move(options));
    auto& registry = session.registry();
    const auto& candidate = registry.catalogue().require(*kind, name.substr(slash + 1));

    Array capabilities;
    for (const auto& capability : registry.capabilities(candidate)) {
        capabilities.emplace_back(capability);
    }
    // A line of its own, before anything that may hang.
    print_line(invocation.terminal, "capabilities", std::move(capabilities));
    if (*kind == plugin::Kind::studio) {
        print_line(invocation.terminal, "probe", to_value(registry.studio(candidate.id).probe()));
    }
    return 0;
}

}  // namespace hab::cli
