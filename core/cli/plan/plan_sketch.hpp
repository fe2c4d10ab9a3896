// SPDX-License-Identifier: Apache-2.0
// What can be read off a plan.sh without running it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hab::cli {

/// The assignments pkg_NAME=… that stand at the beginning of a line. A value is taken if it is
/// plain text or refers only to such values read before ($pkg_name, ${pkg_origin}); anything that
/// bash would have to compute is left out. Running the plan would say more, but also do more.
struct PlanSketch {
    std::map<std::string, std::string, std::less<>> texts;
    std::map<std::string, std::vector<std::string>, std::less<>> lists;
    std::map<std::string, std::map<std::string, std::string>, std::less<>> maps;

    [[nodiscard]] static PlanSketch read(std::string_view plan);

    /// Empty if it is not known.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
    [[nodiscard]] std::map<std::string, std::string> map(std::string_view name) const;
};

}  // namespace hab::cli
