// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hab::cli {

/// Ends this program by becoming the other one, with exactly these words (the first is its name)
/// and this environment. Throws if it cannot be run.
[[noreturn]] void become_program(
    const std::filesystem::path& program, std::vector<std::string> words,
    const std::map<std::string, std::string, std::less<>>& environment);

}  // namespace hab::cli
