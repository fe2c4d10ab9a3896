// SPDX-License-Identifier: Apache-2.0
#include "config/changes.hpp"

#include "base/strings.hpp"

namespace hab::config {
namespace {

bool same_keys_in_order(const Object& a, const Object& b) {
    if (a.size() != b.size()) return false;
    auto other = b.begin();
    for (const auto& entry : a) {
        if (entry.first != (other++)->first) return false;
    }
    return true;
}

void compare(const Value& before, const Value& after, const std::string& at,
             std::vector<std::string>& out) {
    const Object* old_table = before.as_object();
    const Object* new_table = after.as_object();
    if (old_table == nullptr || new_table == nullptr) {
        if (!(before == after)) out.push_back(at);
        return;
    }
    const std::size_t so_far = out.size();
    for (const auto& [key, value] : *new_table) {
        const std::string inner = at + pointer_step(key);
        if (const Value* old = old_table->find(key)) {
            compare(*old, value, inner, out);
        } else {
            out.push_back(inner);
        }
    }
    for (const auto& [key, value] : *old_table) {
        if (new_table->find(key) == nullptr) out.push_back(at + pointer_step(key));
    }
    if (out.size() == so_far && !same_keys_in_order(*old_table, *new_table)) out.push_back(at);
}

}  // namespace

std::vector<std::string> changed_paths(const Value& before, const Value& after) {
    std::vector<std::string> out;
    compare(before, after, {}, out);
    return out;
}

std::string pointer_step(std::string_view key) {
    return "/" + replace_all(replace_all(key, "~", "~0"), "/", "~1");
}

std::vector<std::string> pointer_steps(std::string_view pointer) {
    std::vector<std::string> steps;
    if (pointer.empty()) return steps;
    for (const std::string_view step : split(pointer.substr(1), '/'))
        steps.push_back(replace_all(replace_all(step, "~1", "/"), "~0", "~"));
    return steps;
}

std::string dotted(std::string_view pointer) {
    return join(pointer_steps(pointer), ".");
}

}  // namespace hab::config
