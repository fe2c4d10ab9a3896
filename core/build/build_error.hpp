// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "base/error.hpp"

namespace hab::build {

/// An error with upstream's exit code for it (docs/guide/building.md lists them).
class BuildError : public Error {
public:
    BuildError(int exit_code, Error error) : Error(std::move(error)), exit_code_(exit_code) {}

    [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

private:
    int exit_code_;
};

/// Exit codes of `hab pkg build` that have a meaning of their own.
namespace exit_codes {
inline constexpr int no_version = 2;
inline constexpr int scaffolding = 17;
inline constexpr int version_too_late = 21;
inline constexpr int duplicate_dependency = 31;
inline constexpr int no_signing_key = 35;
inline constexpr int no_plan = 42;
}  // namespace exit_codes

}  // namespace hab::build
