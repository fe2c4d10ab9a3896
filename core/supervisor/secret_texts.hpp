// SPDX-License-Identifier: Apache-2.0
// Secrets of a configuration, taken out of what a service prints and of what is told about it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/value.hpp"

namespace hab::supervisor {

/// Texts that nobody is to see. A value type.
class SecretTexts {
public:
    /// Adds each line of each text: a key of several lines is printed as several lines.
    void add(const std::vector<std::string>& texts);
    void add(const SecretTexts& others) {
        lines_.insert(others.lines_.begin(), others.lines_.end());
    }
    [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }

    /// `text` with "(secret)" in place of each of them.
    [[nodiscard]] std::string hide(std::string text) const;
    /// The same in every text of `value`; members "type", "service", "time" and "run" of objects stay:
    /// they are words and names of ours, and a secret that is equal to one of them is not given away.
    [[nodiscard]] Value hide(Value value) const;

private:
    struct LongestFirst {
        bool operator()(const std::string& a, const std::string& b) const {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };
    /// One may be a part of another.
    std::set<std::string, LongestFirst> lines_;
};

}  // namespace hab::supervisor
