// SPDX-License-Identifier: Apache-2.0
// toJson toToml toYaml pkgPathFor: Habitat's helpers on data.
#include <array>
#include <hab/types.hpp>
#include <vector>

#include "helpers.hpp"
#include "render.hpp"
#include "writers.hpp"

namespace handlebars {
namespace {

Value json(const Arguments& arguments) {
    return arguments.make_string(
        to_json(arguments.params[0], arguments.render.environment().names, true));
}

Value toml(const Arguments& arguments) {
    try {
        return arguments.make_string(
            to_toml(arguments.params[0], arguments.render.environment().names));
    } catch (const hab::sdk::Error& error) {
        arguments.fail(error.message(), error.hint());
    }
}

Value yaml(const Arguments& arguments) {
    return arguments.make_string(
        to_yaml(arguments.params[0], arguments.render.environment().names));
}

std::vector<std::string_view> split_ident(std::string_view ident) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto slash = ident.find('/');
        parts.push_back(ident.substr(0, slash));
        if (slash == ident.npos) return parts;
        ident.remove_prefix(slash + 1);
    }
}

/// Directory of the first package in pkg.deps that satisfies the identity; nothing if there is
/// none.
Value package_path(const Arguments& arguments) {
    const std::string_view ident = arguments.string(0);
    const auto parts = split_ident(ident);
    bool is_ident = parts.size() >= 2 && parts.size() <= 4;
    for (const std::string_view part : parts)
        is_ident = is_ident && !part.empty();
    if (!is_ident) {
        arguments.fail("'" + std::string(ident) + "' is not a package identity",
                       "write origin/name, optionally with /version and /release");
    }
    Render& render = arguments.render;
    const Value deps = render.member(render.member(render.root(), "pkg"), "deps");
    if (deps.node.kind != Kind::array) return {};
    static constexpr std::array<std::string_view, 4> names = {"origin", "name", "version",
                                                              "release"};
    for (std::uint32_t i = 0; i < deps.node.size; ++i) {
        const Value dep = render.item(deps, i);
        std::string path = "/hab/pkgs";
        bool satisfies = true;
        for (std::size_t part = 0; part < names.size() && satisfies; ++part) {
            const Value field = render.member(dep, names[part]);
            satisfies =
                field.node.is_text() && (part >= parts.size() || field.node.view() == parts[part]);
            if (satisfies) path.append("/").append(field.node.view());
        }
        if (!satisfies) continue;
        // The host may know better where packages are (FS_ROOT).
        const Value known = render.member(dep, "path");
        return arguments.make_string(known.node.is_text() ? known.node.view() : path);
    }
    return {};
}

constexpr std::array table{
    Helper{"toJson", &json, 1, 1},
    Helper{"toToml", &toml, 1, 1},
    Helper{"toYaml", &yaml, 1, 1},
    Helper{"pkgPathFor", &package_path, 1, 1},
    // Names of 2016.
    Helper{"json", &json, 1, 1, false, true},
    Helper{"toml", &toml, 1, 1, false, true},
};

}  // namespace

std::span<const Helper> data_helpers() noexcept {
    return table;
}

}  // namespace handlebars
