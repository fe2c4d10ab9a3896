// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "plugin/registry.hpp"
#include "plugin/template_engine.hpp"

namespace hab::config {

/// Which engine renders a package's templates, and how: pkg_template_engine, _mode and _strict of
/// its plan.
struct TemplateChoice {
    std::string engine = "handlebars";
    std::string mode = "classic";  ///< left out for engines that know only one way
    bool strict = false;           ///< a missing value is an error
};

/// An engine for the templates of a package. Throws not_found for an unknown engine, usage for an
/// unknown mode, and invalid_input for an engine that cannot be as strict as asked for.
[[nodiscard]] plugin::TemplateEngine make_template_engine(const TemplateChoice& choice,
                                                          plugin::Registry& plugins);

}  // namespace hab::config
