// SPDX-License-Identifier: Apache-2.0
#include "config/template_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace hab::config {

plugin::TemplateEngine make_template_engine(const TemplateChoice& choice,
                                            plugin::Registry& plugins) {
    const auto& declared =
        plugins.catalogue().require(plugin::Kind::template_engine, choice.engine).meta.options;
    const auto knows = [&](std::string_view name) {
        return std::any_of(declared.begin(), declared.end(),
                           [&](const plugin::OptionMeta& option) { return option.name == name; });
    };
    plugin::OptionValues options;
    if (knows("mode")) options.emplace_back("mode", choice.mode);
    if (choice.strict) {
        // Rendering all the same would print nothing where the author asked for an error.
        if (!knows("strict")) {
            throw Error(
                ErrorCode::invalid_input,
                fmt::format("the template engine '{}' cannot render strictly", choice.engine),
                "take pkg_template_strict out of plan.sh, or choose another engine");
        }
        options.emplace_back("strict", "true");
    }
    return plugins.template_engine(choice.engine, options);
}

}  // namespace hab::config
