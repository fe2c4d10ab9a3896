// SPDX-License-Identifier: Apache-2.0
// Supervisors on hosts of their own: each its network namespace and its /hab.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "support/hosts.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {

class RingOfSupervisors : public WorldTest {
protected:
    using Files = std::map<std::string, std::string>;
    static constexpr int most_hosts = 3;

    void SetUp() override;
    void TearDown() override;

    /// /hab of a host, as this test sees it.
    [[nodiscard]] static fs::path hab_of(int host);
    /// Puts acme/NAME into the store of a host.
    static void package(int host, const std::string& name, const Files& files);
    /// Starts a supervisor there; all but the first join through the first.
    void start(int host, const std::vector<std::string>& more = {});
    [[nodiscard]] std::string log(int host);
    [[nodiscard]] bool logged(int host, const std::string& text);
    /// `hab …` on a host.
    RunResult hab(int host, const std::vector<std::string>& words, const std::string& input = {});
    /// `hab ring status --format json`; null without an answer.
    [[nodiscard]] Value ring(int host);
    /// Health of `other` in the eyes of `host`; empty: it knows no such member.
    [[nodiscard]] std::string health(int host, int other);
    [[nodiscard]] bool becomes(int host, int other, const std::string& health);
    [[nodiscard]] static std::string member_id(int host);
    [[nodiscard]] static std::string read(const fs::path& path);
    static void write_text(const fs::path& path, const std::string& text);
    [[nodiscard]] static bool file_becomes(const fs::path& path, const std::string& text);
    /// The launcher and all that it started, at once.
    void kill_host(int host);
    [[nodiscard]] pid_t supervisor_pid(int host) const;

    std::optional<Hosts> hosts_;
    std::unique_ptr<Background> sups_[most_hosts];
};

}  // namespace hab::test
