// SPDX-License-Identifier: Apache-2.0
// Path patterns: what a template reads, as stable numbers ("bind.backend.members.*.sys.ip").
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "value.hpp"

namespace handlebars {

/// Interns patterns as a tree of steps. Number 0 is the whole data, with an empty text.
class Patterns {
public:
    explicit Patterns(Names& names);

    /// The pattern one step below; no_pattern stays no_pattern.
    PatternId child(PatternId parent, KeyId key);
    /// Any element of a list or table.
    PatternId any(PatternId parent) { return child(parent, star_); }
    /// Something inside that only the render decides.
    PatternId dynamic(PatternId parent) { return child(parent, star_star_); }

    /// Whether a step of it is only known when rendering.
    [[nodiscard]] bool is_dynamic(PatternId id) const noexcept;
    /// Whether it is `outer` itself or lies below it.
    [[nodiscard]] bool is_within(PatternId id, PatternId outer) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
    /// Throws HAB_STATUS_NOT_FOUND for a number that was never given out.
    [[nodiscard]] std::string text(PatternId id) const;

private:
    struct Step {
        PatternId parent;
        KeyId key;
    };
    Names& names_;
    KeyId star_;
    KeyId star_star_;
    std::vector<Step> nodes_;
    std::unordered_map<std::uint64_t, PatternId> children_;
};

}  // namespace handlebars
