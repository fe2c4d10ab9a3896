// SPDX-License-Identifier: Apache-2.0
#include "plugin/metadata.hpp"

#include <array>

namespace hab::plugin {
namespace {

constexpr std::array<std::string_view, 5> kind_words = {"", "exporter", "studio", "topology",
                                                        "template"};

}  // namespace

std::string_view to_string(Kind kind) noexcept {
    const auto number = static_cast<std::size_t>(kind);
    return number < kind_words.size() ? kind_words[number] : "";
}

std::optional<Kind> kind_from_word(std::string_view word) noexcept {
    for (std::size_t i = 1; i < kind_words.size(); ++i) {
        if (kind_words[i] == word) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

std::string_view to_string(OptionType type) noexcept {
    constexpr std::array<std::string_view, 11> words = {
        "", "string", "path", "int", "bool", "size", "duration", "ident", "url", "secret", "list"};
    const auto number = static_cast<std::size_t>(type);
    return number < words.size() ? words[number] : "";
}

std::string_view to_string(ThreadModel model) noexcept {
    switch (model) {
        case ThreadModel::one_per_library:
            return "library";
        case ThreadModel::one_per_instance:
            return "instance";
        case ThreadModel::free:
            return "free";
    }
    return "";
}

std::string PluginMeta::label() const {
    std::string text(to_string(kind));
    text += ' ';
    text += id;
    return text;
}

}  // namespace hab::plugin
