// SPDX-License-Identifier: Apache-2.0
#include "patterns.hpp"

#include <hab/types.hpp>

namespace handlebars {

Patterns::Patterns(Names& names)
    : names_(names), star_(names.key("*")), star_star_(names.key("**")), nodes_{{no_pattern, 0}} {
    names_.keep_all();
}

PatternId Patterns::child(PatternId parent, KeyId key) {
    if (parent == no_pattern) return no_pattern;
    const std::uint64_t step = (std::uint64_t{parent} << 32) | key;
    const auto [known, is_new] = children_.try_emplace(step, static_cast<PatternId>(nodes_.size()));
    if (is_new) {
        nodes_.push_back({parent, key});
        names_.keep(key);
    }
    return known->second;
}

bool Patterns::is_dynamic(PatternId id) const noexcept {
    for (; id != no_pattern && id != 0; id = nodes_[id].parent) {
        if (nodes_[id].key == star_star_) return true;
    }
    return false;
}

bool Patterns::is_within(PatternId id, PatternId outer) const noexcept {
    while (id != outer && id != no_pattern && id != 0)
        id = nodes_[id].parent;
    return id == outer;
}

std::string Patterns::text(PatternId id) const {
    if (id >= nodes_.size()) {
        hab::sdk::raise(HAB_STATUS_NOT_FOUND, "there is no path pattern " + std::to_string(id));
    }
    std::string out;
    for (; id != 0; id = nodes_[id].parent) {
        const std::string& step = names_.text(nodes_[id].key);
        out = out.empty() ? step : step + "." + out;
    }
    return out;
}

}  // namespace handlebars
