// SPDX-License-Identifier: Apache-2.0
// Answers the requests of the build runtime. docs/formats/build-protocol.md.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/paths.hpp"
#include "build/assignments.hpp"
#include "build/build_error.hpp"
#include "build/build_log.hpp"
#include "build/channel.hpp"
#include "build/dep_environment.hpp"
#include "build/dependencies.hpp"
#include "build/interrupts.hpp"
#include "build/place.hpp"
#include "build/plan_environment.hpp"
#include "build/plan_names.hpp"
#include "build/plan_values.hpp"
#include "build/results.hpp"
#include "build/service_files.hpp"
#include "build/sources.hpp"
#include "package/compression.hpp"

namespace hab::build {

/// What the driver works with; borrowed.
struct DriverParts {
    const Paths& paths;
    const Resolver& resolver;
    const crypto::KeyCache& keys;
    const Results& results;
    Sources& sources;
    Place& place;
    BuildLog& log;
    Interrupts& interrupts;
    package::Target target;
    std::string plan_source;  ///< text of plan.sh
    PlanFiles plan_files;     ///< what lies beside it, on the host
    std::string program;      ///< HAB_BIN
    std::string release;      ///< 14 digits
    std::string log_stamp;
    std::string source_date;         ///< seconds; SOURCE_DATE_EPOCH for the plan
    bool source_date_fixed = false;  ///< the caller has set it
    package::CompressionChoice compression = {};
};

enum class Mode {
    probe,  ///< only read the plan, to learn what it needs
    build
};

/// Not thread-safe.
class Driver {
public:
    explicit Driver(DriverParts parts) : parts_(std::move(parts)) {}

    void start(Mode mode);
    /// Never throws Error: a failure becomes the reply and is kept for problem().
    [[nodiscard]] Reply handle(const Request& request);

    /// Everything the plan needs to see, as far as it is known: for Place::open().
    [[nodiscard]] const Packages& wanted() const noexcept { return wanted_; }
    /// The runtime ended because wanted() was not visible: start it again.
    [[nodiscard]] bool restart() const noexcept { return restart_; }
    [[nodiscard]] const PlanValues& plan() const noexcept { return plan_; }
    /// The copy in the results directory, once packed.
    [[nodiscard]] const std::optional<fs::path>& artifact() const noexcept { return artifact_; }
    [[nodiscard]] package::Ident ident() const;
    /// Host directory of the package's tree, once it is known.
    [[nodiscard]] const std::optional<fs::path>& tree() const noexcept { return tree_; }
    /// Why a runtime that ended with this exit code failed.
    [[nodiscard]] BuildError problem(int exit_code) const;

private:
    Reply answer(const Request& request);
    Reply hello();
    Reply on_plan(const Request& request);
    Reply on_begun(const Request& request);
    Reply on_derive(const Request& request);
    Reply on_source_date(const Request& request);
    Reply on_env(const Request& request);
    Reply on_path(const Request& request);
    Reply on_ready(const Request& request);
    Reply on_scaffolding(const Request& request);
    Reply on_interpreter(const Request& request);
    Reply on_config(const Request& request);
    Reply on_service(const Request& request);
    Reply on_resolve(const Request& request);
    Reply on_fresh_prefix(const Request& request);
    Reply on_download(const Request& request);
    Reply on_verify(const Request& request);
    Reply on_elf_files(const Request& request);
    Reply on_pack(const Request& request);
    Reply on_failed(const Request& request);

    void check_plan() const;
    void check_no_cycle() const;
    [[nodiscard]] NameRoots roots() const;
    /// Adds what the plan has left open.
    void complete(Assignments& values);
    /// Removes an older tree of the package, and expects the new one there.
    void make_room(const std::string& prefix);
    /// A line of progress, after what the plan has printed so far.
    void say(const std::string& text);
    /// Notes the packages; true if the place does not show all of them.
    bool need(const Packages& packages);
    void want(const package::InstalledPackage& package);
    [[nodiscard]] fs::path tree_of(const std::string& prefix) const;
    /// The same, opened without following links that a plan may have put there.
    [[nodiscard]] TreeDir open_tree(const std::string& prefix) const;

    DriverParts parts_;
    Mode mode_ = Mode::build;
    PlanValues plan_;
    Dependencies deps_;
    DepEnvironment dep_env_;
    PlanEnvironment env_;
    std::string own_dirname_;  ///< pkg_dirname as it was computed; empty if the plan has chosen it
    bool prepared_ = false;    ///< do_prepare has been reached
    Packages wanted_;
    bool restart_ = false;
    std::optional<fs::path> tree_;
    std::optional<fs::path> artifact_;
    std::optional<BuildError> refused_;               ///< last failure of a request
    std::optional<std::vector<std::string>> failed_;  ///< status, step, message, command
};

}  // namespace hab::build
