// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <hab/plugin.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "cli/plugin/commands.hpp"
#include "cli/plugin/examine.hpp"
#include "crypto/hash.hpp"

namespace hab::cli {
namespace {

using plugin::Candidate;
using plugin::State;

/// Everything there is to say about one plugin.
struct Info {
    Candidate candidate;
    std::uintmax_t size = 0;
    std::string digest;
    std::string package;  ///< identity of the package that ships it
    Examination examined;
};

std::vector<std::string> needs(const Candidate& candidate) {
    std::vector<std::string> words;
    if ((candidate.meta.flags & HAB_PLUGIN_NEEDS_ROOT) != 0) words.emplace_back("root");
    if ((candidate.meta.flags & HAB_PLUGIN_NEEDS_NETWORK) != 0) words.emplace_back("network");
    return words;
}

/// Rows that the user's word means: KIND/ID, or ID in every kind, or the name of a bad file.
std::vector<Candidate> matching(const plugin::Catalogue& catalogue, std::string_view word) {
    const auto slash = word.find('/');
    const auto kind = slash == std::string_view::npos
                          ? std::nullopt
                          : plugin::kind_from_word(word.substr(0, slash));
    const auto id = kind ? word.substr(slash + 1) : word;
    std::vector<Candidate> found;
    std::vector<std::string> names;
    for (const auto& candidate : catalogue.rows()) {
        names.push_back(candidate.id);
        if (candidate.id == id && (!kind || candidate.kind == kind)) found.push_back(candidate);
    }
    if (!found.empty()) return found;
    const auto near = nearest(id, names);
    throw Error(ErrorCode::not_found, fmt::format("there is no plugin '{}'", word),
                near && *near != id ? fmt::format("did you mean '{}'?", *near)
                                    : "`hab plugin list` shows all");
}

Info collect(const Candidate& candidate, const Paths& paths) {
    Info info{candidate, 0, {}, {}, {}};
    std::error_code ec;
    const auto size = std::filesystem::file_size(candidate.path, ec);
    if (!ec) {
        info.size = size;
        info.digest = "blake2b:" + crypto::blake2b_hex_of_file(candidate.path.string());
    }
    const auto inside = candidate.path.lexically_relative(paths.pkgs()).string();
    if (const auto parts = split(inside, '/'); parts.size() > 4 && parts[0] != "..") {
        info.package = fmt::format("{}/{}/{}/{}", parts[0], parts[1], parts[2], parts[3]);
    }
    // A plugin that may not be loaded is not loaded to be described either.
    if (candidate.state == State::ok || candidate.state == State::shadowed) {
        info.examined = examine(candidate);
    }
    return info;
}

std::string option_text(const plugin::OptionMeta& option) {
    std::string head = "--" + option.name;
    if (!option.value_name.empty()) head += ' ' + option.value_name;
    std::string facts(to_string(option.type));
    if (option.required) facts += ", required";
    if (option.repeatable) facts += ", repeatable";
    if (!option.choices.empty()) facts += ", one of " + join(option.choices, "|");
    if (option.default_value) facts += ", default " + *option.default_value;
    if (!option.env.empty()) facts += ", env " + option.env;
    return fmt::format("    {:<24} {} ({})\n", head, option.help, facts);
}

std::string as_text(const Info& info) {
    const auto& [state, reason] = std::pair(info.candidate.state, info.candidate.reason);
    const auto& meta = info.candidate.meta;
    std::string text = info.candidate.kind
                           ? fmt::format("{} {} {}\n", to_string(meta.kind), meta.id, meta.version)
                           : fmt::format("{}\n", info.candidate.id);
    const auto line = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) text += fmt::format("  {:<10} {}\n", name, value);
    };
    line("Summary", meta.summary);
    line("Vendor", meta.vendor);
    line("Licence", meta.licence);
    line("URL", meta.url);
    line("File", info.candidate.path.string());
    if (!info.digest.empty()) line("Size", fmt::format("{} bytes", info.size));
    line("Digest", info.digest);
    line("Package", info.package);
    line("Source", to_string(info.candidate.source));
    line("State", reason.empty() ? std::string(to_string(state))
                                 : fmt::format("{}: {}", to_string(state), reason));
    if (!info.candidate.kind) return text;
    line("ABI", fmt::format("{}.{}", meta.abi_major, meta.abi_minor));
    line("Threads", fmt::format("{}", to_string(meta.thread_model)));
    line("Needs", join(needs(info.candidate), ", "));
    line("Can", join(info.examined.capabilities, ", "));
    if (const auto& probe = info.examined.probe) {
        line("Usable", probe->usable ? "yes" : "no: " + join(probe->reasons, "; "));
    }
    line("Problem", info.examined.problem);
    if (!meta.options.empty()) text += "  Options\n";
    for (const auto& option : meta.options) {
        if (!option.hidden) text += option_text(option);
    }
    return text;
}

Array to_array(const std::vector<std::string>& list) {
    Array array;
    for (const auto& item : list)
        array.emplace_back(item);
    return array;
}

Object to_object(const plugin::OptionMeta& option) {
    Object object;
    object.set("name", option.name);
    object.set("type", to_string(option.type));
    object.set("help", option.help);
    object.set("value_name", option.value_name);
    object.set("env", option.env);
    object.set("default", option.default_value ? Value(*option.default_value) : Value());
    object.set("required", option.required);
    object.set("repeatable", option.repeatable);
    object.set("choices", to_array(option.choices));
    return object;
}

Object to_object(const Info& info) {
    const auto& meta = info.candidate.meta;
    Object object;
    object.set("kind", info.candidate.kind ? to_string(*info.candidate.kind) : "");
    object.set("id", info.candidate.id);
    object.set("version", meta.version);
    object.set("summary", meta.summary);
    object.set("vendor", meta.vendor);
    object.set("licence", meta.licence);
    object.set("url", meta.url);
    object.set("abi", info.candidate.kind ? fmt::format("{}.{}", meta.abi_major, meta.abi_minor)
                                          : std::string());
    object.set("path", info.candidate.path.string());
    object.set("size", static_cast<std::int64_t>(info.size));
    object.set("digest", info.digest);
    object.set("package", info.package);
    object.set("source", to_string(info.candidate.source));
    object.set("state", to_string(info.candidate.state));
    object.set("reason", info.candidate.reason);
    object.set("threads", to_string(meta.thread_model));
    object.set("needs", to_array(needs(info.candidate)));
    object.set("capabilities", to_array(info.examined.capabilities));
    if (const auto& probe = info.examined.probe) {
        Object usable;
        usable.set("usable", probe->usable);
        usable.set("reasons", to_array(probe->reasons));
        object.set("probe", std::move(usable));
    }
    object.set("problem", info.examined.problem);
    Array options;
    for (const auto& option : meta.options)
        options.emplace_back(to_object(option));
    object.set("options", std::move(options));
    return object;
}

}  // namespace

int run_plugin_info(Invocation& invocation) {
    const auto format = invocation.args.require("format");
    if (format != "text" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("there is no output format '{}'", format),
                    "use --format text or --format json");
    }
    const auto found = matching(discover_plugins(invocation), invocation.args.require("PLUGIN"));
    Array objects;
    std::string text;
    for (const auto& candidate : found) {
        const auto info = collect(candidate, invocation.paths);
        if (!text.empty()) text += '\n';
        text += as_text(info);
        objects.emplace_back(to_object(info));
    }
    invocation.terminal.out(format == "json" ? to_json(objects, true) : text);
    return 0;
}

}  // namespace hab::cli
