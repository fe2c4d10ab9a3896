// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "supervisor/spec.hpp"

namespace hab::supervisor {

/// The directory of spec files. Not thread-safe.
class SpecStore {
public:
    explicit SpecStore(std::filesystem::path dir) : dir_(std::move(dir)) {}

    [[nodiscard]] const std::filesystem::path& dir() const noexcept { return dir_; }
    [[nodiscard]] std::filesystem::path file(std::string_view service) const;

    struct Contents {
        std::map<std::string, ServiceSpec> specs;  ///< by package name
        std::vector<Error> errors;                 ///< files that were skipped, one each
        std::vector<std::string> broken;           ///< package names of those files
        std::vector<std::string> dated;  ///< package names of files in another format than save()'s
    };
    /// Every *.spec file. Never throws for a bad file; throws if the directory cannot be read.
    /// `dated` is filled on request.
    [[nodiscard]] Contents load_all(bool find_dated = false) const;
    /// Replaces the file atomically, durable.
    void save(const ServiceSpec& spec) const;
    void remove(std::string_view service) const;

private:
    std::filesystem::path dir_;
};

}  // namespace hab::supervisor
