// SPDX-License-Identifier: Apache-2.0
#include "cli/become_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"

namespace hab::cli {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> list;
    for (std::string& word : words)
        list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

void become_program(const std::filesystem::path& program, std::vector<std::string> words,
                    const std::map<std::string, std::string, std::less<>>& environment) {
    std::vector<std::string> entries;
    for (const auto& [key, value] : environment)
        entries.push_back(key + "=" + value);
    const auto argv = pointers(words);
    const auto envp = pointers(entries);
    ::execve(program.c_str(), argv.data(), envp.data());
    throw Error::from_errno(fmt::format("cannot run '{}'", program.string()));
}

}  // namespace hab::cli
