// SPDX-License-Identifier: Apache-2.0
// One world for each test and backend: packages to run, a source directory, and, for docker, an engine
// of its own on a private socket.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../../integration/studio/packages.hpp"

namespace hab::test {

/// The parameter is the id of a studio plugin. `userns` is used by an ordinary user, the others by
/// root.
class StudioConformance : public PackageWorld, public ::testing::WithParamInterface<std::string> {
protected:
    void SetUp() override;
    void TearDown() override;

    [[nodiscard]] bool as_user() const { return GetParam() == "userns"; }
    /// What programs inside can write stays only in studios that are a directory of the machine.
    [[nodiscard]] bool is_directory() const { return GetParam() != "docker"; }

    /// Words of a command line of hab, as the user of the backend.
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> command) const;
    [[nodiscard]] RunOptions options(std::map<std::string, std::string> env = {},
                                     std::string input = {}) const;
    RunResult hab(std::vector<std::string> command, std::map<std::string, std::string> env = {},
                  std::string input = {});
    /// `hab studio run` in the studio of these tests.
    RunResult inside(const std::string& line, std::map<std::string, std::string> env = {});
    RunResult build(std::map<std::string, std::string> env = {});

    /// A file of the source directory, belonging to the backend's user.
    void file(const std::string& relative, const std::string& text) const;
    /// app/plan.sh of origin acme, with `more` behind the usual lines.
    void plan(const std::string& more) const;
    /// Directory that the backend's user may write.
    [[nodiscard]] const fs::path& home() const { return home_.path(); }
    [[nodiscard]] fs::path root() const { return home() / "studios/mine"; }
    [[nodiscard]] fs::path source() const { return home() / "source"; }
    /// Whether a process whose command line holds this text runs anywhere in this world.
    static bool runs(const std::string& text);
    /// Waits until the text has gone from all command lines.
    static bool ends(const std::string& text);
    void own(const fs::path& path) const;

private:
    void start_engine();

    TempDir home_;
    std::optional<Background> engine_;
};

/// The backends under test.
std::vector<std::string> backends_under_test();

}  // namespace hab::test
