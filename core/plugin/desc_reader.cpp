// SPDX-License-Identifier: Apache-2.0
#include "plugin/desc_reader.hpp"

#include <fmt/format.h>

namespace hab::plugin {
namespace {

std::string text(const char* value) {
    return value == nullptr ? "" : value;
}

[[noreturn]] void broken(std::string_view why) {
    throw Error(ErrorCode::invalid_input, fmt::format("its descriptor breaks the ABI: {}", why));
}

OptionMeta option_of(const hab_option_desc& raw) {
    const hab_option_desc desc = read_struct(&raw);
    if (desc.name == nullptr) broken("an option has no name");
    OptionMeta option;
    option.name = desc.name;
    const bool known = desc.type >= HAB_OPTION_STRING && desc.type <= HAB_OPTION_LIST;
    option.type = known ? static_cast<OptionType>(desc.type) : OptionType::string;
    option.required = (desc.flags & HAB_OPTION_REQUIRED) != 0;
    option.repeatable = (desc.flags & HAB_OPTION_REPEATABLE) != 0;
    option.hidden = (desc.flags & HAB_OPTION_HIDDEN) != 0;
    option.per_run = (desc.flags & HAB_OPTION_PER_RUN) != 0;
    option.value_name = text(desc.value_name);
    option.help = text(desc.help);
    option.env = text(desc.env);
    if (desc.default_value != nullptr) option.default_value = desc.default_value;
    for (auto choice = desc.choices; choice != nullptr && *choice != nullptr; ++choice) {
        option.choices.emplace_back(*choice);
    }
    return option;
}

}  // namespace

PluginMeta meta_of(const hab_plugin_desc& raw, std::uint32_t abi_minor) {
    const hab_plugin_desc desc = read_struct(&raw);
    if (desc.id == nullptr || desc.version == nullptr) broken("a plugin has no id or version");
    if (desc.create == nullptr || desc.destroy == nullptr || desc.api == nullptr) {
        broken(fmt::format("plugin {} lacks create, destroy or its table", desc.id));
    }
    if (desc.kind < HAB_KIND_EXPORTER || desc.kind > HAB_KIND_TEMPLATE) {
        broken(fmt::format("plugin {} has unknown kind {}", desc.id, desc.kind));
    }
    PluginMeta meta;
    meta.abi_major = HAB_ABI_MAJOR;
    meta.abi_minor = abi_minor;
    meta.kind = static_cast<Kind>(desc.kind);
    meta.id = desc.id;
    meta.version = desc.version;
    meta.summary = text(desc.summary);
    meta.vendor = text(desc.vendor);
    meta.licence = text(desc.licence);
    meta.url = text(desc.url);
    meta.thread_model = desc.thread_model == HAB_THREADS_FREE ? ThreadModel::free
                        : desc.thread_model == HAB_THREADS_ONE_PER_INSTANCE
                            ? ThreadModel::one_per_instance
                            : ThreadModel::one_per_library;
    meta.flags = desc.flags;
    for (auto option = desc.options; option != nullptr && *option != nullptr; ++option) {
        meta.options.push_back(option_of(**option));
    }
    return meta;
}

std::optional<std::string> difference(const PluginMeta& section, const PluginMeta& descriptor) {
    const auto differ = [](std::string_view what, std::string_view a, std::string_view b) {
        return fmt::format("{} is '{}' in its metadata but '{}' in its code", what, a, b);
    };
    if (section.version != descriptor.version) {
        return differ("version", section.version, descriptor.version);
    }
    if (section.summary != descriptor.summary) {
        return differ("summary", section.summary, descriptor.summary);
    }
    if (section.thread_model != descriptor.thread_model) {
        return differ("threads", to_string(section.thread_model),
                      to_string(descriptor.thread_model));
    }
    if (section.options.size() != descriptor.options.size()) {
        return fmt::format("it has {} options in its metadata but {} in its code",
                           section.options.size(), descriptor.options.size());
    }
    for (std::size_t i = 0; i < section.options.size(); ++i) {
        if (section.options[i] != descriptor.options[i]) {
            return fmt::format("option --{} differs between its metadata and its code",
                               section.options[i].name);
        }
    }
    return std::nullopt;
}

}  // namespace hab::plugin
