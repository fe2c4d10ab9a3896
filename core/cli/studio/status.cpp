// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/strings.hpp"
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
    text += fmt::format("Usable   {}\n", status.probe.usable
                                             ? std::string("yes")
                                             : "no: " + join(status.probe.reasons, "; "));
    return text;
}

/// What the backend says about the studio at a directory; empty if it knows none there.
std::string type_at(const plugin::Studio& backend, const fs::path& root) {
    const Value list = parse_json(backend.list(root.parent_path()), "the list of studios");
    if (list.as_array() == nullptr) return {};
    for (const Value& item : *list.as_array()) {
        const Value* found = item.at_path("root");
        const Value* type = item.at_path("type");
        if (found != nullptr && type != nullptr && found->as_string() != nullptr &&
            *found->as_string() == root.string() && type->as_string() != nullptr) {
            return *type->as_string();
        }
    }
    return {};
}

}  // namespace

int run_studio_status(Invocation& invocation) {
    StudioPlace place(invocation);
    Status status;
    status.root = place.paths().root.string();
    status.source = place.paths().source.string();
    status.backend = place.backend().meta().id;
    status.type = type_at(place.backend(), place.paths().root);
    status.exists = !status.type.empty();
    status.probe = place.probe();
    const bool json = invocation.args.require("format") == "json";
    invocation.terminal.out(json ? as_json(status) : as_text(status));
    return 0;
}

}  // namespace hab::cli
