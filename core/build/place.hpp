// SPDX-License-Identifier: Apache-2.0
// Where the plan's code runs: on this machine as it is, or in a studio.
#pragma once

#include <memory>
#include <string>

#include "build/dependencies.hpp"
#include "sandbox/spec.hpp"

namespace hab::build {

/// Directories as the plan sees them, and where the driver finds the same ones.
struct Layout {
    fs::path control, control_host;  ///< FIFOs and runtime
    fs::path plan_context;           ///< directory of plan.sh
    fs::path source;                 ///< SRC_PATH at the start
    fs::path output;                 ///< pkg_output_path
    fs::path source_cache, source_cache_host;
    fs::path pkgs_host;  ///< what the plan sees as /hab/pkgs (its own tree is written there)
};

/// The runtime, while it runs. Owned by one thread.
class Job {
public:
    virtual ~Job() = default;
    /// Becomes readable when it has ended.
    [[nodiscard]] virtual int ended_fd() const noexcept = 0;
    /// Waits for the end; the exit code as a shell counts (128 + signal). Throws the error of a
    /// studio that could not run it.
    [[nodiscard]] virtual int wait() = 0;
    /// Kills everything inside.
    virtual void cancel() = 0;
};

class Place {
public:
    virtual ~Place() = default;
    [[nodiscard]] virtual const Layout& layout() const noexcept = 0;
    /// "" natively, else what upstream calls the type of the studio.
    [[nodiscard]] virtual std::string studio_type() const = 0;
    /// Whether plans can only see packages they were given by open(): then the plan is read once
    /// beforehand to learn them.
    [[nodiscard]] virtual bool is_closed() const noexcept = 0;
    /// Makes the place ready, with these packages (and everything they need) visible. `own` is
    /// ORIGIN/NAME of the package that is built, or empty while nothing is: a closed place lets the
    /// plan write nowhere else below /hab/pkgs.
    virtual void open(const Packages& packages, const std::string& own) = 0;
    /// Whether the package can be seen since the last open().
    [[nodiscard]] virtual bool shows(const package::Ident& ident) const = 0;
    /// Starts bash with the runtime; its two outputs go to `output_fd`.
    [[nodiscard]] virtual std::unique_ptr<Job> start(const sandbox::Environment& env,
                                                     int output_fd) = 0;
    /// What does not work there, one sentence each.
    [[nodiscard]] virtual std::vector<std::string> limits() const { return {}; }
    /// After a success: removes what only a person looking for a mistake would want.
    virtual void clean_up() {}
};

}  // namespace hab::build
