// SPDX-License-Identifier: Apache-2.0
#include "supervisor/input_changes.hpp"

#include "base/json.hpp"
#include "config/changes.hpp"
#include "config/layers.hpp"
#include "supervisor/service_files.hpp"

namespace hab::supervisor {
namespace {

/// Enough to recognise a value; a whole table is not repeated.
constexpr std::size_t longest_value = 200;
/// What one change names; a new file may change everything.
constexpr std::size_t most_changes = 50;

const Value* at_pointer(const Value& root, const std::string& pointer) {
    const Value* at = &root;
    for (const std::string& key : config::pointer_steps(pointer)) {
        const Object* const table = at->as_object();
        at = table == nullptr ? nullptr : table->find(key);
        if (at == nullptr) return nullptr;
    }
    return at;
}

std::string shown_text(const Value* value) {
    if (value == nullptr) return {};
    const std::string* const text = value->as_string();
    if (text != nullptr && *text == config::redacted_text) return *text;
    std::string json = to_json(*value);
    if (json.size() <= longest_value) return json;
    std::size_t end = longest_value;
    while (end > 0 && (static_cast<unsigned char>(json[end]) & 0xC0u) == 0x80u)
        --end;
    return json.substr(0, end) + "…";
}

/// A table has no place of its own: that of what stands first in it.
std::string origin_of(const Value* value) {
    while (value != nullptr && !value->origin()) {
        const Object* const table = value->as_object();
        value = table == nullptr || table->empty() ? nullptr : &table->begin()->second;
    }
    return value == nullptr ? std::string() : config::describe_origin(*value);
}

void collect(const Value& cfg, const Value& shown, bool hidden, std::vector<std::string>& out) {
    const std::string* const mark = shown.as_string();
    hidden = hidden || (mark != nullptr && *mark == config::redacted_text && !(cfg == shown));
    if (const Object* const table = cfg.as_object()) {
        static const Object none;
        const Object* const other = shown.as_object();
        // What is shown has the same order: looking up each key would take the square of their number.
        auto next = other == nullptr ? none.begin() : other->begin();
        const auto end = other == nullptr ? none.end() : other->end();
        for (const auto& [key, member] : *table) {
            const bool paired = next != end && next->first == key;
            const Value* const beside = paired             ? &next->second
                                        : other == nullptr ? nullptr
                                                           : other->find(key);
            if (paired) ++next;
            collect(member, beside == nullptr ? shown : *beside, hidden, out);
        }
    } else if (const Array* const list = cfg.as_array()) {
        const Array* const other = shown.as_array();
        for (std::size_t index = 0; index < list->size(); ++index) {
            const bool paired = other != nullptr && index < other->size();
            collect((*list)[index], paired ? (*other)[index] : shown, hidden, out);
        }
    } else if (hidden && cfg.as_string() != nullptr) {
        if (!cfg.as_string()->empty()) out.push_back(*cfg.as_string());
    } else if (hidden && cfg.as_bool() == nullptr && !cfg.is_null()) {
        out.push_back(to_json(cfg));
    }
}

}  // namespace

std::vector<InputChange> input_changes(const std::vector<std::string>& pointers,
                                       const Value& shown_before, const Value& after,
                                       const Value& shown_after) {
    std::vector<InputChange> out;
    for (const std::string& pointer : pointers) {
        if (out.size() == most_changes) break;
        out.push_back({"cfg." + config::dotted(pointer), origin_of(at_pointer(after, pointer)),
                       shown_text(at_pointer(shown_before, pointer)),
                       shown_text(at_pointer(shown_after, pointer))});
    }
    return out;
}

std::vector<InputChange> input_changes(const Value& shown_before, const ServiceFiles& files) {
    return input_changes(files.changed_cfg(), shown_before, files.cfg(), *files.shown_cfg());
}

std::vector<std::string> hidden_texts(const Value& cfg, const Value& shown) {
    std::vector<std::string> out;
    collect(cfg, shown, false, out);
    return out;
}

}  // namespace hab::supervisor
