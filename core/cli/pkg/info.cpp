// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/json.hpp"
#include "cli/pkg/commands.hpp"
#include "crypto/hash.hpp"
#include "package/hart_reader.hpp"

namespace hab::cli {
namespace {

namespace metafile = package::metafile;

constexpr std::array arguments = {ArgumentSpec{.name = "SOURCE", .help = "A .hart file"}};
constexpr std::array options = {OptionSpec{.name = "json",
                                           .letter = 'j',
                                           .value_name = {},
                                           .help = "Everything, as one JSON object",
                                           .env = {},
                                           .default_value = {}}};

Value text_or_null(const package::HartInfo& hart, std::string_view name) {
    std::string text = hart.metafile(name);
    return text.empty() ? Value() : Value(std::move(text));
}

Value ident_list(const package::HartInfo& hart, std::string_view name) {
    Array list;
    for (const auto& ident : hart.idents(name))
        list.emplace_back(ident.to_string());
    return list;
}

Value port_list(const package::HartInfo& hart) {
    Array list;
    for (const auto port : package::parse_ports(hart.metafile(metafile::exposes), "EXPOSES")) {
        list.emplace_back(static_cast<std::int64_t>(port));
    }
    return list;
}

/// Upstream's 24 keys, in its order.
Value describe(const package::HartInfo& hart) {
    Object object;
    object.set("format_version", hart.header().format);
    object.set("key_name", hart.header().key.to_string());
    object.set("hash_type", hart.header().hash_type);
    object.set("signature_raw", hart.header().signature_base64);
    object.set("ident", hart.ident().to_string());
    object.set("origin", hart.ident().origin);
    object.set("name", hart.ident().name);
    object.set("version", hart.ident().version);
    object.set("release", hart.ident().release);
    object.set("checksum", crypto::blake2b_hex_of_file(hart.path()));
    object.set("target", hart.target().name());
    object.set("is_a_service", hart.is_service());
    object.set("deps", ident_list(hart, metafile::deps));
    object.set("tdeps", ident_list(hart, metafile::tdeps));
    object.set("build_deps", ident_list(hart, metafile::build_deps));
    object.set("build_tdeps", ident_list(hart, metafile::build_tdeps));
    object.set("exposes", port_list(hart));
    object.set("manifest", hart.metafile(metafile::manifest));
    object.set("config", text_or_null(hart, metafile::default_toml));
    object.set("svc_user", text_or_null(hart, metafile::svc_user));
    object.set("svc_group", text_or_null(hart, metafile::svc_group));
    object.set("ld_run_path", text_or_null(hart, metafile::ld_run_path));
    object.set("ldflags", text_or_null(hart, metafile::ldflags));
    object.set("cflags", text_or_null(hart, metafile::cflags));
    return object;
}

int run(Invocation& invocation) {
    const std::string source = invocation.args.require("SOURCE");
    const auto hart = package::HartInfo::read(source);
    if (invocation.args.flag("json")) {
        invocation.terminal.out(to_json(describe(hart)) + "\n");
        return 0;
    }
    const auto& ident = hart.ident();
    invocation.terminal.begin(fmt::format("Reading package information from {}", source));
    invocation.terminal.out(fmt::format(
        "\nPackage Path : {}\nOrigin       : {}\nName         : {}\n"
        "Version      : {}\nRelease      : {}\nTarget       : {}\n",
        source, ident.origin, ident.name, ident.version, ident.release, hart.target().name()));
    return 0;
}

}  // namespace

const Command& pkg_info_command() {
    static constexpr Command command = {
        .path = "pkg info",
        .summary = "Print what an artifact says about its package",
        .description = "What the file says; nothing is verified (see hab pkg verify).",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
