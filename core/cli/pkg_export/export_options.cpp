// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg_export/export_options.hpp"

#include <fmt/format.h>

#include "cli/help.hpp"

namespace hab::cli {
namespace {

OptionKind kind_of(const plugin::OptionMeta& option) {
    if (option.repeatable) return OptionKind::list;
    return option.type == plugin::OptionType::boolean ? OptionKind::flag : OptionKind::value;
}

OptionSpec to_spec(const plugin::OptionMeta& option, bool for_help) {
    OptionSpec spec;
    spec.name = option.name;
    spec.kind = kind_of(option);
    spec.value_name = option.value_name.empty() ? to_string(option.type) : option.value_name;
    spec.help = option.help;
    spec.hidden = option.hidden;
    if (for_help) {
        spec.env = option.env;
        if (option.default_value && spec.kind != OptionKind::flag)
            spec.default_value = *option.default_value;
    }
    return spec;
}

}  // namespace

std::vector<OptionSpec> common_export_options() {
    return {
        {"output-dir", 'o', OptionKind::value, "DIR", "Where the result goes", {}, "results"},
        {"overwrite", '\0', OptionKind::flag, {}, "Replace a result that is there"},
        {"dry-run",
         '\0',
         OptionKind::flag,
         {},
         "Print as JSON what would be written, and write nothing"},
    };
}

std::vector<OptionSpec> export_options(const plugin::PluginMeta& meta, bool for_help) {
    std::vector<OptionSpec> specs = common_export_options();
    for (const plugin::OptionMeta& option : meta.options)
        specs.push_back(to_spec(option, for_help));
    return specs;
}

plugin::OptionValues given_options(const plugin::PluginMeta& meta, const Arguments& args) {
    plugin::OptionValues given;
    for (const plugin::OptionMeta& option : meta.options) {
        if (args.source(option.name) != ValueSource::command_line) continue;
        if (kind_of(option) == OptionKind::flag) {
            given.emplace_back(option.name, "true");
            continue;
        }
        for (const std::string& value : args.all(option.name))
            given.emplace_back(option.name, value);
    }
    return given;
}

std::string exporter_help(const plugin::PluginMeta& meta, unsigned width) {
    return fmt::format(
        "{}\n\nUsage: hab pkg export {} [OPTIONS] <PKG_IDENT_OR_ARTIFACT>...\n\nOptions:\n{}",
        meta.summary, meta.id, options_help(export_options(meta, true), width));
}

}  // namespace hab::cli
