// SPDX-License-Identifier: Apache-2.0
// The real `hab` against a real supervisor in a test's own world.
#pragma once

#include "integration/supervisor/sup_fixture.hpp"

namespace hab::test {

class GatewayTest : public SupervisorTest {
protected:
    /// A service that runs until it is told to end.
    void long_running(const std::string& name);
    /// bin/hab with these words.
    [[nodiscard]] static RunResult hab(std::vector<std::string> words,
                                       const RunOptions& options = {});
    /// `hab svc status --format json`, first service; null if there is none.
    [[nodiscard]] static Value status();
};

}  // namespace hab::test
