// SPDX-License-Identifier: Apache-2.0
// The text of a template and places in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace handlebars {

/// How white space and a few old habits are treated: classic as in the engines of 2016 to 2024
/// (only
/// `~` removes white space), modern as in handlebars.js (lines that hold only a block tag
/// disappear).
enum class Mode { classic, modern };

struct Source {
    std::string name;
    std::string text;

    /// Throws hab::sdk::Error at line and column of a byte offset. Columns count characters from 1.
    [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint = {}) const;
    /// "name:line:column".
    [[nodiscard]] std::string where(std::size_t offset) const;
};

}  // namespace handlebars
