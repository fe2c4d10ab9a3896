// SPDX-License-Identifier: Apache-2.0
#include "base/value.hpp"

#include <algorithm>
#include <array>

namespace hab {

const Value* Object::find(std::string_view key) const noexcept {
    for (const Entry& entry : entries_) {
        if (entry.first == key) return &entry.second;
    }
    return nullptr;
}

Value* Object::find(std::string_view key) noexcept {
    return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& Object::set(std::string key, Value value) {
    if (Value* old = find(key)) return *old = std::move(value);
    return entries_.emplace_back(std::move(key), std::move(value)).second;
}

void Object::erase(std::string_view key) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.first == key; });
}

bool Object::operator==(const Object& other) const {
    return entries_ == other.entries_;
}

std::string_view Value::type_name() const noexcept {
    static constexpr std::array<std::string_view, 7> names = {"null",   "bool",  "integer", "float",
                                                              "string", "array", "table"};
    return names[data_.index()];
}

const Value* Value::at_path(std::string_view dotted) const noexcept {
    const Value* here = this;
    while (here != nullptr && !dotted.empty()) {
        const auto dot = dotted.find('.');
        const Object* object = here->as_object();
        here = object == nullptr ? nullptr : object->find(dotted.substr(0, dot));
        dotted = dot == dotted.npos ? std::string_view{} : dotted.substr(dot + 1);
    }
    return here;
}

}  // namespace hab
