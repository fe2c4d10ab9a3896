// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/plan_sketch.hpp"

#include <optional>

namespace hab::cli {
namespace {

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    PlanSketch read() {
        while (at_ < text_.size()) {
            assignment();
            const auto end = text_.find('\n', at_);
            at_ = end == text_.npos ? text_.size() : end + 1;
        }
        return std::move(out_);
    }

private:
    /// At the beginning of a line. Leaves at_ somewhere in the last line that it has read.
    void assignment() {
        if (!text_.substr(at_).starts_with("pkg_")) return;
        std::size_t end = at_;
        while (end < text_.size() && is_name_char(text_[end]))
            ++end;
        if (end >= text_.size() || text_[end] != '=') return;
        const std::string name(text_.substr(at_, end - at_));
        at_ = end + 1;
        if (peek() == '(') {
            ++at_;
            array(name);
        } else if (const auto value = word()) {
            out_.texts[name] = *value;
        } else {
            out_.texts.erase(name);
        }
    }

    void array(const std::string& name) {
        auto& list = out_.lists[name];
        auto& map = out_.maps[name];
        list.clear();
        map.clear();
        while (skip_blanks() && peek() != ')') {
            const std::size_t begin = at_;
            std::optional<std::string> key;
            if (peek() == '[') {
                ++at_;
                key = word("]");
                if (peek() == ']') ++at_;
                if (peek() == '=') ++at_;
            }
            const auto value = word(")");
            if (key && value) {
                map[*key] = *value;
            } else if (value) {
                list.push_back(*value);
            }
            if (at_ == begin) ++at_;  // whatever it is, go on
        }
    }

    /// Skips white space and comments; false at the end of the text.
    bool skip_blanks() {
        while (at_ < text_.size()) {
            if (peek() == '#') {
                const auto end = text_.find('\n', at_);
                at_ = end == text_.npos ? text_.size() : end;
            } else if (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
                ++at_;
            } else {
                return true;
            }
        }
        return false;
    }

    /// One word of bash up to a blank or one of `ends`; nothing if bash would have to compute it.
    std::optional<std::string> word(std::string_view ends = {}) {
        std::string out;
        bool known = true;
        char quote = '\0';
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' ||
                                  ends.find(c) != ends.npos)) {
                break;
            }
            if (c == quote) {
                quote = '\0';
            } else if (quote == '\0' && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == '$' && quote != '\'') {
                if (!expand(out)) known = false;
            } else if (c == '`' && quote != '\'') {
                known = false;
            } else if (c == '\\' && quote != '\'' && at_ + 1 < text_.size()) {
                out += text_[++at_];
            } else {
                out += c;
            }
        }
        return known ? std::optional(out) : std::nullopt;
    }

    /// At a '$'; leaves at_ on the last character of the reference.
    bool expand(std::string& out) {
        std::size_t begin = at_ + 1;
        const bool braces = begin < text_.size() && text_[begin] == '{';
        if (braces) ++begin;
        std::size_t end = begin;
        while (end < text_.size() && is_name_char(text_[end]))
            ++end;
        if (end == begin || (braces && (end >= text_.size() || text_[end] != '}'))) return false;
        const auto found = out_.texts.find(text_.substr(begin, end - begin));
        at_ = braces ? end : end - 1;
        if (found == out_.texts.end()) return false;
        out += found->second;
        return true;
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    std::string_view text_;
    std::size_t at_ = 0;
    PlanSketch out_;
};

template <typename Map>
typename Map::mapped_type find_or_empty(const Map& map, std::string_view name) {
    const auto found = map.find(name);
    return found == map.end() ? typename Map::mapped_type() : found->second;
}

}  // namespace

PlanSketch PlanSketch::read(std::string_view plan) {
    return Reader(plan).read();
}

std::string PlanSketch::text(std::string_view name) const {
    return find_or_empty(texts, name);
}

std::vector<std::string> PlanSketch::list(std::string_view name) const {
    return find_or_empty(lists, name);
}

std::map<std::string, std::string> PlanSketch::map(std::string_view name) const {
    return find_or_empty(maps, name);
}

}  // namespace hab::cli
