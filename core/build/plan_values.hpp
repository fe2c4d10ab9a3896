// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hab::build {

/// The plan's variables as the runtime reported them. A variable that was not reported is empty.
class PlanValues {
public:
    using Map = std::map<std::string, std::string>;

    /// From the fields of a report: kind (s, a, A), name, count, values; again and again. Throws
    /// invalid_input when they do not follow that form.
    [[nodiscard]] static PlanValues from_fields(std::span<const std::string> fields);

    [[nodiscard]] const std::string& text(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;
    [[nodiscard]] const Map& map(std::string_view name) const;

    void set_text(std::string name, std::string value) {
        texts_[std::move(name)] = std::move(value);
    }
    void set_list(std::string name, std::vector<std::string> items) {
        lists_[std::move(name)] = std::move(items);
    }
    void set_map(std::string name, Map map) { maps_[std::move(name)] = std::move(map); }

private:
    std::map<std::string, std::string, std::less<>> texts_;
    std::map<std::string, std::vector<std::string>, std::less<>> lists_;
    std::map<std::string, Map, std::less<>> maps_;
};

}  // namespace hab::build
