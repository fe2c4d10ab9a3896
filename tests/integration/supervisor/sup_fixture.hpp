// SPDX-License-Identifier: Apache-2.0
// A supervisor with hand-made packages in a test's own world.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {

using Files = std::map<std::string, std::string>;

class SupervisorTest : public WorldTest {
protected:
    /// Stops the supervisor in order, so that no service lives on into the next test.
    void TearDown() override;
    /// Puts acme/NAME into the store: files by path in the package, hooks/… executable. There is
    /// always an executable bin/misbehave in it.
    void package(const std::string& name, const Files& files);
    /// Starts hab-launch with gateways on free ports.
    void start(std::vector<std::string> arguments = {}, const RunOptions& options = {});
    /// TERM to the launcher; its exit code.
    std::optional<int> terminate();

    [[nodiscard]] std::string log() { return sup_->output(); }
    [[nodiscard]] bool logged(const std::string& text);
    /// How often a text stands in the log.
    [[nodiscard]] std::size_t count(const std::string& text);
    /// /services/NAME/default as JSON; null if there is no answer.
    [[nodiscard]] Value service(const std::string& name);
    [[nodiscard]] std::optional<std::int64_t> number(const std::string& name,
                                                     const std::string& path);
    [[nodiscard]] std::string text(const std::string& name, const std::string& path);
    /// Waits until the service has a process (another one than `old`); its pid, 0 if none came.
    [[nodiscard]] pid_t up(const std::string& name, pid_t old = 0);
    [[nodiscard]] bool down(const std::string& name);
    [[nodiscard]] HttpAnswer get(const std::string& path);
    /// Pid of the running hab-sup, 0 if there is none.
    [[nodiscard]] pid_t supervisor_pid() const;

    [[nodiscard]] static fs::path svc(const std::string& name) {
        return fs::path("/hab/svc") / name;
    }
    static void write(const fs::path& path, const std::string& text);
    [[nodiscard]] static std::string read(const fs::path& path);
    [[nodiscard]] static bool alive(pid_t pid);
    /// Whether any process of that name lives (zombies of the test's world do not).
    [[nodiscard]] static bool any_alive(const std::string& program);

    std::unique_ptr<Background> sup_;
};

}  // namespace hab::test
