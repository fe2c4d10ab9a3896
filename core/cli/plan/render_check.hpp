// SPDX-License-Identifier: Apache-2.0
// `hab plan render --check`: what templates refer to, against what there can be, without data.
#pragma once

#include <string>
#include <vector>

#include "base/value.hpp"
#include "config/renderer.hpp"
#include "config/schema.hpp"

namespace hab::cli {

/// A mistake in a template.
struct RenderProblem {
    std::string place;    ///< "habitat/config/app.conf:3:7"
    std::string message;  ///< "cfg.prot is neither in default.toml nor in config.schema.toml"
    std::string hint;     ///< "did you mean cfg.port?", or empty
    std::string excerpt;  ///< the source line and a caret, each after a newline
};

/// What templates may refer to.
struct CheckKnowledge {
    const Value& context;  ///< as for rendering; its cfg holds the defaults
    const config::Schema& schema;
    bool knows_binds = false;  ///< context.bind is what the plan declares
};

/// Every reference of one template and of what it includes that cannot be right. Throws unsupported
/// if the engine does not tell references.
[[nodiscard]] std::vector<RenderProblem> check_template(const config::Renderer& renderer,
                                                        const std::string& name,
                                                        const CheckKnowledge& known);

}  // namespace hab::cli
