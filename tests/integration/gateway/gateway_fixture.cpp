// SPDX-License-Identifier: Apache-2.0
#include "integration/gateway/gateway_fixture.hpp"

#include "base/json.hpp"

namespace hab::test {

void GatewayTest::long_running(const std::string& name) {
    package(name, {{"hooks/run",
                    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n"},
                   {"default.toml", "port = 80\n"}});
}

RunResult GatewayTest::hab(std::vector<std::string> words, const RunOptions& options) {
    words.insert(words.begin(), program("bin/hab").string());
    return run(words, options);
}

Value GatewayTest::status() {
    const auto result = hab({"svc", "status", "--format", "json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const Value list = parse_json(result.out, "status");
    return list.as_array()->empty() ? Value() : list.as_array()->front();
}

}  // namespace hab::test
