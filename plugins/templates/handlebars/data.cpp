// SPDX-License-Identifier: Apache-2.0
#include "data.hpp"

#include <charconv>
#include <hab/types.hpp>

namespace handlebars {
namespace {

/// One step of a JSON Pointer, with ~1 and ~0 undone (RFC 6901).
std::string unescape(std::string_view step) {
    std::string out;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) {
            out += step[++i] == '0' ? '~' : '/';
        } else {
            out += step[i];
        }
    }
    return out;
}

std::optional<std::uint32_t> array_index(std::string_view text) {
    std::uint32_t index = 0;
    const auto done = std::from_chars(text.data(), text.data() + text.size(), index);
    if (done.ec != std::errc{} || done.ptr != text.data() + text.size()) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return index;
}

[[noreturn]] void missing(std::string_view pointer) {
    hab::sdk::raise(HAB_STATUS_NOT_FOUND, "cannot update the template data at '" +
                                              std::string(pointer) + "': nothing is there");
}

}  // namespace

Data::Data(Names& names, std::string_view json) : names_(names), use_(names) {
    root_ = parse_json(json, "the template data", store_, names_);
    live_nodes_ = store_.node_count();
    live_text_ = store_.text_bytes();
}

Data::Place Data::find_parent(std::string_view pointer) {
    if (pointer.front() != '/') {
        hab::sdk::raise(HAB_STATUS_USAGE, "'" + std::string(pointer) +
                                              "' is not a JSON Pointer: it must begin with '/'");
    }
    Place place{&root_, {}};
    std::string_view rest = pointer.substr(1);
    for (;;) {
        const auto slash = rest.find('/');
        place.last = unescape(rest.substr(0, slash));
        if (slash == rest.npos) break;
        Node* next = nullptr;
        if (place.parent->kind == Kind::object) {
            const auto key = names_.find_key(place.last);
            const auto slot = key ? names_.slot(place.parent->children.shape, *key) : std::nullopt;
            if (slot) next = &store_.child(*place.parent, *slot);
        } else if (place.parent->kind == Kind::array) {
            const auto index = array_index(place.last);
            if (index && *index < place.parent->size) next = &store_.child(*place.parent, *index);
        }
        if (next == nullptr) missing(pointer);
        place.parent = next;
        rest.remove_prefix(slash + 1);
    }
    if (!place.parent->is_container()) missing(pointer);
    return place;
}

void Data::update(std::string_view pointer, std::string_view json) {
    Node value;
    const bool removes = json.empty();
    if (!removes) value = parse_json(json, "the new template data", store_, names_);
    if (pointer.empty()) {
        root_ = value;
    } else {
        // Only now: parsing may have moved the nodes.
        const Place place = find_parent(pointer);
        // Changing members copies the children, which may move the parent: work on a copy of it.
        Node parent = *place.parent;
        if (parent.kind == Kind::object) {
            set_member(parent, place.last, removes ? nullptr : &value);
        } else {
            set_item(parent, place.last, removes ? nullptr : &value, pointer);
        }
        *find_parent(pointer).parent = parent;
    }
    if (store_.node_count() > 2 * live_nodes_ + 1024 ||
        store_.text_bytes() > 2 * live_text_ + 65536) {
        compact();
    }
}

void Data::set_member(Node& parent, const std::string& name, const Node* value) {
    const KeyId key = names_.key(name);
    const auto slot = names_.slot(parent.children.shape, key);
    if (slot && value != nullptr) {
        store_.child(parent, *slot) = *value;
        return;
    }
    if (!slot && value == nullptr) return;
    std::vector<KeyId> keys = names_.keys_of(parent.children.shape);
    std::vector<Node> children;
    for (std::uint32_t i = 0; i < parent.size; ++i) {
        if (i != slot) children.push_back(store_.child(parent, i));
    }
    if (slot) {
        keys.erase(keys.begin() + *slot);
    } else {
        keys.push_back(key);
        children.push_back(*value);
    }
    parent = store_.object(children.data(), children.size(), names_.shape(keys));
}

void Data::set_item(Node& parent, const std::string& name, const Node* value,
                    std::string_view pointer) {
    const auto index = name == "-" ? parent.size : array_index(name).value_or(parent.size + 1);
    if (index > parent.size) missing(pointer);
    if (index < parent.size && value != nullptr) {
        store_.child(parent, index) = *value;
        return;
    }
    std::vector<Node> children;
    for (std::uint32_t i = 0; i < parent.size; ++i) {
        if (i != index) children.push_back(store_.child(parent, i));
    }
    if (value != nullptr) children.push_back(*value);
    parent = store_.array(children.data(), children.size());
}

void Data::compact() {
    Store fresh;
    root_ = fresh.copy(store_, root_);
    store_ = std::move(fresh);
    live_nodes_ = store_.node_count();
    live_text_ = store_.text_bytes();
}

}  // namespace handlebars
