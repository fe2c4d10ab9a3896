// SPDX-License-Identifier: Apache-2.0
// The status page of a real supervisor with real services, in a real browser.
#pragma once

#include <optional>
#include <string>

#include "integration/supervisor/sup_fixture.hpp"
#include "integration/ui/browser.hpp"

namespace hab::test {

class UiTest : public SupervisorTest {
protected:
    void SetUp() override;
    void TearDown() override;

    /// A service that prints a line and runs until it is told to end; with a port and a password.
    void talking(const std::string& name, const std::string& says);
    /// A supervisor with these services on a port that stays the same when it restarts.
    void start_page(std::vector<std::string> services, const RunOptions& options = {});
    /// Opens the page, optionally at "#/tide.default/why".
    void open(const std::string& place = {});
    [[nodiscard]] bool shows(const std::string& text);
    [[nodiscard]] std::string panel();

    int port_ = 0;
    std::optional<Browser> browser_;
};

}  // namespace hab::test
