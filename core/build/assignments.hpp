// SPDX-License-Identifier: Apache-2.0
// A reply that sets variables of the build runtime: name, number of values, values.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "build/channel.hpp"
#include "build/dependencies.hpp"
#include "build/plan_values.hpp"

namespace hab::build {

class Assignments {
public:
    void text(std::string_view name, std::string value) { scalar('s', name, std::move(value)); }
    void texts(const PlanValues::Map& values) {
        for (const auto& [name, value] : values)
            text(name, value);
    }
    void exported(std::string_view name, std::string value) { scalar('x', name, std::move(value)); }
    void list(std::string_view name, const std::vector<std::string>& items) {
        fields_.emplace_back(name);
        fields_.push_back(fmt::format("{}", items.size()));
        fields_.insert(fields_.end(), items.begin(), items.end());
    }
    void prefixes(std::string_view name, const Packages& packages) {
        std::vector<std::string> items;
        for (const package::InstalledPackage& package : packages)
            items.push_back(package.prefix());
        list(name, items);
    }
    [[nodiscard]] Reply reply() { return {0, std::move(fields_)}; }

private:
    void scalar(char kind, std::string_view name, std::string value) {
        fields_.push_back(fmt::format("{}:{}", kind, name));
        fields_.emplace_back("1");
        fields_.push_back(std::move(value));
    }

    std::vector<std::string> fields_;
};

}  // namespace hab::build
