// SPDX-License-Identifier: Apache-2.0
// The path half of ExpressionParser.
#include "expression_parser.hpp"

namespace handlebars {
namespace {

Local local_of(std::string_view name) noexcept {
    if (name == "index") return Local::index;
    if (name == "key") return Local::key;
    if (name == "first") return Local::first;
    if (name == "last") return Local::last;
    if (name == "partial-block") return Local::partial_block;
    return Local::unknown;
}

}  // namespace

Path ExpressionParser::parse_path() {
    Path path;
    path.offset = offset();
    const std::size_t begin = at_;
    parse_path_start(path);
    const bool needs_separator = at_ > begin && path.base != Path::Base::context;
    if (needs_separator || path.is_explicit) {
        // "../x" and "./x" have had their separator; "this.x" and "@root.x" have not.
        const bool had_one = text_[at_ - 1] == '/' ||
                             (text_[at_ - 1] == '.' && at_ - begin == 1 && is_id_char(peek()));
        if (!had_one && (peek() == '.' || peek() == '/')) {
            ++at_;
        } else if (!had_one && peek() != '[') {
            path.text = text_.substr(begin, at_ - begin);
            return path;
        }
    }
    while (parse_segment(path)) {
        if (peek() == '[') {  // the old a[0] for a.[0]
            context_.program.warnings.emplace_back(
                offset(), "'[' without a dot before it works only here: write '" +
                              std::string(text_.substr(begin, at_ - begin)) + ".['");
            continue;
        }
        if (peek() != '.' && peek() != '/') break;
        ++at_;
    }
    path.text = text_.substr(begin, at_ - begin);
    if (at_ == begin) {
        fail(path.offset, std::string("unexpected '") + peek() + "' in a tag",
             "a name, a literal or a sub-expression was expected");
    }
    if (path.text.back() == '.' && path.text.size() > 1 && path.text[path.text.size() - 2] != '.') {
        fail(offset(), "the path '" + path.text + "' ends with a dot");
    }
    return path;
}

void ExpressionParser::parse_path_start(Path& path) {
    if (take("@")) {
        path.is_explicit = true;
        path.base = Path::Base::local;
        while (take("../"))
            ++path.up;
        const std::size_t begin = at_;
        while (is_id_char(peek()))
            ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        if (name.empty()) fail(path.offset, "a name is missing behind '@'");
        if (name == "root") path.base = Path::Base::root;
        path.local = local_of(name);
        return;
    }
    for (;;) {
        if (take("../")) {
            ++path.up;
            path.is_explicit = true;
        } else if (text_.substr(at_, 2) == ".." && !is_id_char(peek(2))) {
            at_ += 2;
            ++path.up;
            path.is_explicit = true;
            return;
        } else if (take("./")) {
            path.is_explicit = true;
        } else {
            break;
        }
    }
    if (text_.substr(at_, 4) == "this" && !is_id_char(peek(4))) {
        at_ += 4;
        path.is_explicit = true;
    } else if (peek() == '.') {
        ++at_;
        path.is_explicit = true;
    }
}

bool ExpressionParser::parse_segment(Path& path) {
    if (peek() == '[') {
        const auto close = text_.find(']', at_);
        if (close == text_.npos) fail(offset(), "a '[' has no ']'");
        std::string_view key = text_.substr(at_ + 1, close - at_ - 1);
        if (context_.mode == Mode::classic && key.size() >= 2 && key.front() == '"' &&
            key.back() == '"') {
            key = key.substr(1, key.size() - 2);
        }
        path.segments.push_back(make_segment(key));
        at_ = close + 1;
        return true;
    }
    const std::size_t begin = at_;
    while (is_id_char(peek()))
        ++at_;
    if (begin == at_) {
        if (text_.substr(at_, 2) == "..") {
            fail(path.offset, "'..' stands in the middle of a path", "begin the path with '../'");
        }
        return false;
    }
    path.segments.push_back(make_segment(text_.substr(begin, at_ - begin)));
    return true;
}

}  // namespace handlebars
