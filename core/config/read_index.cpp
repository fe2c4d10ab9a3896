// SPDX-License-Identifier: Apache-2.0
#include "config/read_index.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "config/changes.hpp"

namespace hab::config {
namespace {

/// Whether a change at `changed` can be seen through `pattern`: one leads to the other.
bool overlap(const std::vector<std::string>& pattern, const std::vector<std::string>& changed) {
    const std::size_t common = std::min(pattern.size(), changed.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (pattern[i] == "**") return true;
        if (pattern[i] != "*" && pattern[i] != changed[i]) return false;
    }
    return true;
}

}  // namespace

void ReadIndex::set_reads(std::size_t which, std::vector<std::uint32_t> ids,
                          const PatternText& text) {
    std::sort(ids.begin(), ids.end());
    if (which >= reads_.size()) reads_.resize(which + 1);
    auto& before = reads_[which];
    if (before == ids) return;
    for (const std::uint32_t id : before)
        std::erase(patterns_[id].readers, which);
    for (const std::uint32_t id : ids) {
        if (id >= patterns_.size()) patterns_.resize(id + 1);
        Pattern& pattern = patterns_[id];
        if (!pattern.known) {
            pattern.known = true;
            pattern.text = text(id);
            for (const std::string_view step : split(pattern.text, '.'))
                if (!pattern.text.empty()) pattern.steps.emplace_back(step);
        }
        pattern.readers.push_back(which);
    }
    before = std::move(ids);
}

std::vector<std::string> ReadIndex::reads(std::size_t which) const {
    std::vector<std::string> texts;
    if (which >= reads_.size()) return texts;
    for (const std::uint32_t id : reads_[which])
        texts.push_back(patterns_[id].text);
    return texts;
}

void ReadIndex::for_each_reader(std::string_view pointer,
                                const std::function<void(std::size_t which)>& reader) const {
    std::vector<std::string> changed = pointer_steps(pointer);
    // A pattern does not tell a dot in a name from one between names: a change of such a name
    // counts as one of the table around it.
    const auto unclear = std::find_if(changed.begin(), changed.end(), [](const std::string& step) {
        return step.find('.') != step.npos || step.empty();
    });
    changed.erase(unclear, changed.end());
    for (const Pattern& pattern : patterns_) {
        if (pattern.readers.empty() || !overlap(pattern.steps, changed)) continue;
        for (const std::size_t which : pattern.readers)
            reader(which);
    }
}

}  // namespace hab::config
