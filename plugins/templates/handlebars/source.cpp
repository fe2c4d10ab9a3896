// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <hab/types.hpp>
#include <utility>

#include "position.hpp"

namespace handlebars {

void Source::fail(std::size_t offset, std::string message, std::string hint) const {
    const auto [line, column] = template_plugins::position_of(text, offset);
    throw hab::sdk::Error(HAB_STATUS_USAGE, std::move(message), std::move(hint))
        .at(name, line, column);
}

std::string Source::where(std::size_t offset) const {
    const auto [line, column] = template_plugins::position_of(text, offset);
    return name + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace handlebars
