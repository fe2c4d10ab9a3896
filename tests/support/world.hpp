// SPDX-License-Identifier: Apache-2.0
// A test's own world: a root file system view with its own empty /hab, private passwd and group
// files with the `hab` user, its own processes and its own network with nothing but loopback. It
// ends with the test, even when the test is killed.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace hab::test {

namespace fs = std::filesystem;

/// What a test program asks of its world (see hab_add_integration_test).
struct WorldOptions {
    /// Keep the machine's network (package downloads); otherwise an own namespace with loopback.
    bool host_network = false;
};

/// Runs `body` as a process in a fresh world and returns its exit code. The calling process stays
/// outside and only waits; when it dies, everything inside is killed by the kernel.
int run_in_world(const WorldOptions& options, int (*body)(void*), void* context);

/// True inside run_in_world.
[[nodiscard]] bool inside_world();
/// Why a world cannot be made here, or empty. Needs root (or user namespaces) and mount namespaces.
[[nodiscard]] std::string why_no_world();

/// Empties /hab. Refuses outside a world.
void reset_hab();

/// Base of integration tests: starts with an empty /hab; skips loudly where no world can be made.
class WorldTest : public ::testing::Test {
protected:
    void SetUp() override;
};

/// Skips with a reason that cannot be overlooked; under CI (environment CI set) a failure instead,
/// because there nothing needed may be missing.
#define HAB_REQUIRE(condition, reason)                                                    \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            if (::hab::test::in_ci()) FAIL() << "needed in CI but missing: " << (reason); \
            GTEST_SKIP() << "SKIPPED LOUDLY: " << (reason);                               \
        }                                                                                 \
    } while (false)

[[nodiscard]] bool in_ci();

/// The build tree that is tested (HAB_TEST_BUILD_DIR) and the source tree (HAB_TEST_SOURCE_DIR).
[[nodiscard]] fs::path build_dir();
[[nodiscard]] fs::path source_dir();
/// A program of the build tree: "bin/hab", "libexec/hab/hab-sup".
[[nodiscard]] fs::path program(std::string_view relative);
/// Directory of acceptance data from elsewhere (HAB_SHARED_DATA or ../shared/data); empty when
/// absent.
[[nodiscard]] fs::path shared_data();

}  // namespace hab::test
