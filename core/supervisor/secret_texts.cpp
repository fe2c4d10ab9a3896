// SPDX-License-Identifier: Apache-2.0
#include "supervisor/secret_texts.hpp"

#include <string_view>
#include <utility>

#include "base/strings.hpp"
#include "config/schema.hpp"

namespace hab::supervisor {

void SecretTexts::add(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        for (const std::string_view line : split(std::string_view(text), '\n')) {
            if (!trim(line).empty()) lines_.emplace(trim(line));
        }
    }
}

std::string SecretTexts::hide(std::string text) const {
    for (const std::string& line : lines_)
        text = replace_all(text, line, config::redacted_text);
    return text;
}

Value SecretTexts::hide(Value value) const {
    if (lines_.empty()) return value;
    if (const std::string* const text = value.as_string()) return hide(*text);
    if (Array* const list = value.as_array()) {
        for (Value& item : *list)
            item = hide(std::move(item));
    }
    if (Object* const object = value.as_object()) {
        for (auto& [key, member] : *object) {
            if (key == "type" || key == "service" || key == "time" || key == "run") continue;
            member = hide(std::move(member));
        }
    }
    return value;
}

}  // namespace hab::supervisor
