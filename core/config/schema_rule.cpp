// SPDX-License-Identifier: Apache-2.0
#include "config/schema_rule.hpp"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::config {
namespace {

/// Longer texts are not matched but refused: the work of a match grows with them.
constexpr std::size_t longest_subject = 64u << 10;
constexpr std::size_t longest_pattern = 1024;

}  // namespace

std::string_view to_string(SchemaType type) noexcept {
    static constexpr std::array<std::string_view, 6> names = {"string", "integer", "float",
                                                              "bool",   "array",   "table"};
    return names[static_cast<std::size_t>(type)];
}

bool is_of(SchemaType type, const Value& value) noexcept {
    switch (type) {
        case SchemaType::string:
            return value.as_string() != nullptr;
        case SchemaType::integer:
            return value.as_int() != nullptr;
        case SchemaType::real:
            return value.as_double() != nullptr || value.as_int() != nullptr;
        case SchemaType::boolean:
            return value.as_bool() != nullptr;
        case SchemaType::array:
            return value.as_array() != nullptr;
        case SchemaType::table:
            return value.as_object() != nullptr;
    }
    return false;
}

bool number_less(const Value& a, const Value& b) noexcept {
    if (a.as_int() != nullptr && b.as_int() != nullptr) return *a.as_int() < *b.as_int();
    const auto number = [](const Value& value) {
        return value.as_int() != nullptr ? static_cast<double>(*value.as_int())
                                         : *value.as_double();
    };
    return number(a) < number(b);
}

struct TextPattern::Compiled {
    regex_t regex{};
    Compiled() = default;
    Compiled(const Compiled&) = delete;
    Compiled& operator=(const Compiled&) = delete;
    ~Compiled() { ::regfree(&regex); }
};

TextPattern::TextPattern(std::string text) : text_(std::move(text)) {
    if (text_.size() > longest_pattern) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("it is longer than {} bytes", longest_pattern));
    }
    // std::regex would be portable, but it recurses once per character of the subject.
    auto compiled = std::make_shared<Compiled>();
    const std::string whole = "^(" + text_ + ")$";
    const int code = ::regcomp(&compiled->regex, whole.c_str(), REG_EXTENDED | REG_NOSUB);
    if (code != 0) {
        std::array<char, 200> reason{};
        ::regerror(code, &compiled->regex, reason.data(), reason.size());
        throw Error(ErrorCode::invalid_input, reason.data());
    }
    compiled_ = std::move(compiled);
}

bool TextPattern::matches(const std::string& subject) const {
    if (subject.size() > longest_subject) return false;
    regmatch_t range{};
    range.rm_so = 0;
    range.rm_eo = static_cast<regoff_t>(subject.size());
    return ::regexec(&compiled_->regex, subject.c_str(), 1, &range, REG_STARTEND) == 0;
}

const SchemaRule* SchemaRule::find(std::string_view name) const noexcept {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const auto& member) { return member.name == name; });
    return found == members.end() ? nullptr : &found->rule;
}

const SchemaRule* SchemaRule::step(std::string_view name) const noexcept {
    const bool element = name == "*" || parse_u64(name);
    return element && is_only(SchemaType::array) ? this : find(name);
}

bool SchemaRule::holds_secret() const noexcept {
    return secret || std::any_of(members.begin(), members.end(),
                                 [](const auto& member) { return member.rule.holds_secret(); });
}

bool SchemaRule::is_only(SchemaType type) const noexcept {
    return types.size() == 1 && types.front() == type;
}

bool SchemaRule::takes_any_key() const noexcept {
    return open || members.empty() || (items && is_only(SchemaType::table));
}

}  // namespace hab::config
