// SPDX-License-Identifier: Apache-2.0
// Who has no key, and who talks nonsense.
#include <arpa/inet.h>
#include <sys/socket.h>

#include "base/json.hpp"
#include "ring_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

std::string key_text(char fill) {
    const std::string base64 = std::string(42, fill) + "A=";  // 32 bytes
    return "SYM-SEC-1\nring-20260101000000\n\n" + base64;
}

std::int64_t count(const Value& status, const char* what) {
    const Value* const value = status.at_path(std::string("counts.") + what);
    return value == nullptr || value->as_int() == nullptr ? -1 : *value->as_int();
}

TEST_F(RingOfSupervisors, AnotherKeyStaysOutside) {
    start(0, {"--ring-key", key_text('B')});
    start(1, {"--ring-key", key_text('B')});
    start(2, {"--ring-key", key_text('C')});
    ASSERT_TRUE(becomes(0, 1, "alive"));
    EXPECT_TRUE(eventually([&] { return count(ring(0), "not_authentic") >= 2; }));
    EXPECT_EQ(health(0, 2), "");
    EXPECT_EQ(health(2, 0), "");
    EXPECT_EQ(hab(0, {"ring", "status"}).err, "");
}

TEST_F(RingOfSupervisors, AFloodOfGarbageHarmsNobody) {
    start(0);
    start(1);
    ASSERT_TRUE(becomes(0, 1, "alive"));
    const auto flood =
        run(hosts_->on(2, {"python3", "-c",
                           "import os, socket\n"
                           "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                           "for n in range(20000):\n"
                           "    s.sendto(os.urandom(1 + n % 1400), ('192.168.33.11', 9638))\n"}));
    ASSERT_EQ(flood.exit_code, 0) << flood.err;
    EXPECT_TRUE(eventually([&] { return count(ring(0), "malformed") > 100; })) << to_json(ring(0));
    EXPECT_EQ(health(0, 1), "alive");
    EXPECT_EQ(health(1, 0), "alive");
    ASSERT_EQ(hab(0, {"config", "apply", "db.default", "2"}, "x = 1\n").exit_code, 0);
    EXPECT_TRUE(eventually(
        [&] { return to_json(ring(1)).find("\"config_version\":2") != std::string::npos; }));
}

TEST_F(RingOfSupervisors, WhatCannotBeUsedIsSaidAtTheStart) {
    const std::string launch = program("libexec/hab/hab-launch").string();
    const auto refused = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words{launch, "run", "--listen-http", "127.0.0.1:0"};
        words.insert(words.end(), more.begin(), more.end());
        RunResult result = run(hosts_->on(2, words));
        EXPECT_EQ(result.exit_code, 86) << result.out << result.err;
        return result.out + result.err;
    };
    EXPECT_THAT(refused({"--ring", "nobody"}), HasSubstr("nobody"));
    EXPECT_THAT(refused({"--ring-key", "SYM-SEC-9"}), HasSubstr("the ring key"));
    EXPECT_THAT(refused({"--peer", "192.0.2.1:99999"}), HasSubstr("is not a port"));
    EXPECT_THAT(refused({"--listen-gossip", "somewhere:9638"}),
                HasSubstr("is no address that the ring can listen on"));
    start(0);
    auto again =
        run(hosts_->on(0, {"sh", "-c", "FS_ROOT=/tmp/other exec \"$@\"", "sh", launch, "run",
                           "--listen-http", "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0"}));
    EXPECT_EQ(again.exit_code, 86);
    EXPECT_THAT(again.out + again.err, HasSubstr("9638"));
}

}  // namespace
}  // namespace hab::test
