// SPDX-License-Identifier: Apache-2.0
// The variables that a package gives to whoever runs it, or builds with it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "build/dep_environment.hpp"
#include "build/plan_values.hpp"

namespace hab::build {

/// Items of both lists without empty ones, first occurrences only.
[[nodiscard]] std::string merge_lists(std::string_view separator, std::string_view front,
                                      std::string_view back);

/// One call of set_runtime_env, push_buildtime_env and so on.
struct EnvironmentChange {
    std::string function;  ///< name of the helper
    bool force = false;    ///< -f
    std::string name;
    std::string value;
    std::string current;    ///< what the variable is in the build's shell
    std::string type;       ///< HAB_ENV_<NAME>_TYPE
    std::string separator;  ///< HAB_ENV_<NAME>_SEPARATOR
    std::string ident;      ///< origin/name of the plan
};

/// Two sets, for run time and for build time: what direct dependencies ask for, then the plan.
class PlanEnvironment {
public:
    using Map = PlanValues::Map;

    /// Adds what dependencies ask for. `shell` has the HAB_ENV_* settings of the plan. A value that
    /// replaces another one is told to `warn`.
    void layer(const DepEnvironment& deps, const Map& shell,
               const std::function<void(std::string)>& warn);
    /// What the build's own shell gets: the run time set, then the build time set over it.
    [[nodiscard]] Map exports(const Map& shell) const;
    /// Returns the value to export. Throws BuildError(1) for variables that are not the plan's to
    /// set, and for a second value without -f.
    std::string change(const EnvironmentChange& change);
    /// Replaces a piece of text in every value.
    void replace(std::string_view from, std::string_view to);
    /// Puts both sets where the metafiles are made from.
    void store(PlanValues& plan) const;

private:
    struct Set {
        Map values;
        Map provenance;
    };
    [[nodiscard]] std::optional<std::string> separator(const std::string& name,
                                                       const std::string& type,
                                                       const std::string& own) const;
    [[nodiscard]] std::optional<std::string> separator(const std::string& name,
                                                       const Map& shell) const;
    void layer_one(Set& set, const std::vector<std::string>& triples, const Map& shell,
                   const std::function<void(std::string)>& warn);

    Set runtime_;
    Set buildtime_;
    Map aggregates_{{"PATH", ":"},       {"GOPATH", ":"},      {"NODE_PATH", ":"},
                    {"PYTHONPATH", ":"}, {"BUNDLE_PATH", ":"}, {"BUNDLE_WITHOUT", ":"},
                    {"GEM_PATH", ":"},   {"RUBYLIB", ":"},     {"RUBYPATH", ":"},
                    {"CLASSPATH", ";"}};
};

}  // namespace hab::build
