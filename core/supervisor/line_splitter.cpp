// SPDX-License-Identifier: Apache-2.0
#include "supervisor/line_splitter.hpp"

#include "base/strings.hpp"

namespace hab::supervisor {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the UTF-8 sequence that starts here, as its first byte says; 0 for a byte that starts
/// none.
std::size_t sequence_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::size_t length = sequence_length(byte);
        const bool control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != 0x1b;
        const auto sequence = text.substr(at, length);
        if (length == 0 || sequence.size() < length || control || byte == 0x7f ||
            !is_utf8(sequence)) {
            out += replacement;
            ++at;
        } else {
            out += sequence;
            at += length;
        }
    }
    return out;
}

void LineSplitter::emit(std::string_view line, const Sink& sink) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    sink(printable(line));
}

void LineSplitter::feed(std::string_view bytes, const Sink& sink) {
    while (!bytes.empty()) {
        const auto newline = bytes.find('\n');
        const auto room = longest - partial_.size();
        const auto taken =
            std::min(newline == std::string_view::npos ? bytes.size() : newline, room);
        partial_.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
        if (!bytes.empty() && bytes.front() == '\n') {
            bytes.remove_prefix(1);
        } else if (partial_.size() < longest) {
            return;  // the line goes on in the next bytes
        }
        emit(partial_, sink);
        partial_.clear();
    }
}

void LineSplitter::end(const Sink& sink) {
    if (!partial_.empty()) emit(partial_, sink);
    partial_.clear();
}

}  // namespace hab::supervisor
