// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/event_reader.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace hab::cli {

namespace {

std::string text_at(const Value& event, std::string_view field) {
    const Value* const value = event.at_path(field);
    const std::string* const text = value != nullptr ? value->as_string() : nullptr;
    return text != nullptr ? *text : std::string();
}

/// A text that can be read without quotes has none.
std::string shown(const Value& value) {
    const std::string* const text = value.as_string();
    const bool plain =
        text != nullptr && !text->empty() && text->find_first_of(" \"=\t\n") == std::string::npos;
    return plain ? *text : to_json(value);
}

}  // namespace

void EventReader::feed(std::string_view bytes, const Sink& sink) {
    partial_.append(bytes);
    std::size_t from = 0;
    for (auto end = partial_.find('\n'); end != std::string::npos;
         end = partial_.find('\n', from)) {
        std::string_view one = std::string_view(partial_).substr(from, end - from);
        if (one.ends_with('\r')) one.remove_suffix(1);
        from = end + 1;
        line(one, sink);
    }
    partial_.erase(0, from);
}

void EventReader::line(std::string_view text, const Sink& sink) {
    if (text.empty()) {
        if (!next_.data.empty()) {
            next_.data.pop_back();  // the last line end
            if (next_.type.empty()) next_.type = "message";
            sink(next_);
        }
        next_.type.clear();
        next_.data.clear();
        return;
    }
    const auto colon = std::min(text.find(':'), text.size());
    std::string_view value = text.substr(std::min(colon + 1, text.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    const auto field = text.substr(0, colon);
    if (field == "data") {
        next_.data.append(value).append(1, '\n');
    } else if (field == "event") {
        next_.type = value;
    } else if (field == "id") {
        next_.id = value;
    }
}

std::string event_line(const Value& event) {
    const std::string time = text_at(event, "time");
    const auto clock = time.find('T');
    std::string out = clock == std::string::npos ? std::string("-")
                                                 : time.substr(clock + 1, time.size() - clock - 2);
    const std::string type = text_at(event, "type");
    if (type == "log") {
        return fmt::format("{} {}({}): {}", out, text_at(event, "preamble"), text_at(event, "key"),
                           text_at(event, "text"));
    }
    const std::string service = text_at(event, "service");
    out += fmt::format(" {} {}", service.empty() ? "supervisor" : service, type);
    for (const auto& [name, value] : *event.as_object()) {
        if (name == "generation" || name == "time" || name == "type" || name == "service" ||
            name == "cause" || value.is_null()) {
            continue;
        }
        if (const std::string* const text = value.as_string(); text != nullptr && text->empty())
            continue;
        out += fmt::format(" {}={}", name, shown(value));
    }
    return out;
}

}  // namespace hab::cli
