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

void compile(regex_t& regex, const std::string& text) {
    const int code = ::regcomp(&regex, text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (code == 0) return;
    std::array<char, 200> reason{};
    ::regerror(code, &regex, reason.data(), reason.size());
    throw Error(ErrorCode::invalid_input, reason.data());
}

/// Where a bracket expression ends that begins at `at`; it is known to be well formed.
std::size_t end_of_brackets(std::string_view text, std::size_t at) {
    ++at;
    if (at < text.size() && text[at] == '^') ++at;
    if (at < text.size() && text[at] == ']') ++at;  // the first one stands for itself
    while (at < text.size() && text[at] != ']') {
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("[:") || rest.starts_with("[.") || rest.starts_with("[="))
            at = text.find(std::string{rest[1], ']'}, at + 2) + 1;
        ++at;
    }
    return at;
}

/// regcomp(3) takes a ')' too many for an ordinary character.
bool closes_too_much(std::string_view text) {
    std::size_t open = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '[') {
            at = end_of_brackets(text, at);
        } else if (text[at] == '(') {
            ++open;
        } else if (text[at] == ')' && open-- == 0) {
            return true;
        }
    }
    return false;
}

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
    // As it stands first: within the parentheses around it, "a)|(b" would be something else.
    Compiled alone;
    compile(alone.regex, text_);
    if (closes_too_much(text_))
        throw Error(ErrorCode::invalid_input, "it has a ')' that closes nothing");
    compile(compiled->regex, "^(" + text_ + ")$");
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
