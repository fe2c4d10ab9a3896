// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "cli/plugin/examine.hpp"
#include "cli/studio/commands.hpp"
#include "cli/studio/place.hpp"

namespace hab::cli {
namespace {

struct Status {
    std::string root;
    std::string source;
    std::string backend;
    bool exists = false;
    std::string type;
    plugin::StudioProbe probe;
};

std::string as_json(const Status& status) {
    Object object;
    object.set("root", status.root);
    object.set("source", status.source);
    object.set("backend", status.backend);
    object.set("exists", status.exists);
    object.set("type", status.type.empty() ? Value() : Value(status.type));
    object.set("usable", status.probe.usable);
    Array reasons;
    for (const std::string& reason : status.probe.reasons)
        reasons.emplace_back(reason);
    object.set("reasons", std::move(reasons));
    return to_json(Value(std::move(object)), true);
}

std::string as_text(const Status& status) {
    std::string text =
        fmt::format("Root     {}\nSource   {}\nBackend  {}\nExists   {}\n", status.root,
                    status.source, status.backend, status.exists ? "yes" : "no");
    if (!status.type.empty()) text += fmt::format("Type     {}\n", status.type);
    const std::string reasons = join(status.probe.reasons, "; ");
    if (!status.probe.usable) return text + fmt::format("Usable   no: {}\n", reasons);
    text += fmt::format("Usable   yes{}\n", reasons.empty() ? "" : ", but: " + reasons);
    return text;
}

}  // namespace

int run_studio_status(Invocation& invocation) {
    const StudioPaths paths = studio_paths(invocation);
    host::Session session(
        {.paths = invocation.paths,
         .plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()},
         .reporter = {},
         .cancelled = {}});
    Status status;
    status.root = paths.root.string();
    status.source = paths.source.string();
    if (const auto named = invocation.args.get("backend")) {
        // In a child process: a plugin that crashes or hangs is not usable.
        status.probe =
            probe_studio(session.registry().catalogue().require(plugin::Kind::studio, *named));
        status.backend = *named;
        status.type = studio_type_at(session.registry().studio(*named), paths.root);
    } else {
        try {
            const build::StudioChoice choice = build::choose_studio(session.registry(), {});
            status.probe = {.usable = true, .reasons = choice.limits};
            status.backend = choice.studio.meta().id;
            status.type = studio_type_at(choice.studio, paths.root);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::denied) throw;
            status.backend = "none";
            status.probe = {.usable = false, .reasons = {error.message()}};
        }
    }
    status.exists = !status.type.empty();
    const bool json = invocation.args.require("format") == "json";
    invocation.terminal.out(json ? as_json(status) : as_text(status));
    return 0;
}

}  // namespace hab::cli
