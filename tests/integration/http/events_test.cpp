// SPDX-License-Identifier: Apache-2.0
// /events and `hab sup events` with a real supervisor.
#include <signal.h>

#include <chrono>

#include "base/json.hpp"
#include "integration/http/http_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

class Events : public HttpTest {};

TEST_F(Events, AreSentAsTheyHappenAndAgainToWhoComesBack) {
    long_running("tide");
    start({"acme/tide"});
    const pid_t pid = up("tide");
    const RudeClient client(port());
    ASSERT_TRUE(client.send("GET /events HTTP/1.1\r\n\r\n"));
    const std::string hello = client.read_until("\nid: ");
    EXPECT_THAT(hello, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(hello, HasSubstr("event: hello\n"));
    ::kill(pid, SIGKILL);
    const std::string text = hello + client.read_until("event: ready");
    EXPECT_THAT(text, HasSubstr("event: process_exited\n"));
    EXPECT_THAT(text, HasSubstr("\"signal\":9"));
    EXPECT_GT(up("tide", pid), 0);

    const auto id_at = hello.find("\nid: ") + 5;
    const std::string id = (hello + text).substr(id_at, (hello + text).find('\n', id_at) - id_at);
    const RudeClient again(port());
    ASSERT_TRUE(
        again.send("GET /events?service=tide HTTP/1.1\r\nLast-Event-ID: " + id + "\r\n\r\n"));
    const std::string missed = again.read_until("event: ready");
    EXPECT_THAT(missed, HasSubstr("event: process_exited\n"));
    EXPECT_THAT(missed, HasSubstr("event: process_started\n"));
    EXPECT_EQ(missed.find("event: gap"), std::string::npos);
}

TEST_F(Events, TheCommandPrintsThemAndGoesOnAfterARestart) {
    long_running("tide");
    start({"acme/tide"});
    const pid_t pid = up("tide");
    Background json({program("bin/hab").string(), "sup", "events", "--json"});
    Background people({program("bin/hab").string(), "sup", "events", "--log"});
    ASSERT_TRUE(eventually([&] { return json.output().find("\"hello\"") != std::string::npos; }))
        << json.output();
    ASSERT_TRUE(eventually([&] {
        return get("/metrics").body.find("hab_http_event_readers 2") != std::string::npos;
    })) << people.output();
    ::kill(pid, SIGKILL);
    ASSERT_GT(up("tide", pid), 0);
    EXPECT_TRUE(eventually([&] {
        return json.output().find("\"type\":\"process_started\",\"cause\"") != std::string::npos ||
               json.output().find("\"type\":\"process_started\",\"service\":\"tide\"") !=
                   std::string::npos;
    })) << json.output();
    EXPECT_TRUE(eventually([&] {
        const auto out = people.output();
        return out.find(" tide process_exited pid=") != std::string::npos &&
               out.find(" tide.default(O): running") != std::string::npos;
    })) << people.output();

    EXPECT_EQ(hab({"sup", "restart"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return json.output().find("\"gap\"") != std::string::npos; }))
        << json.output();
    // Each line is JSON by itself.
    const std::string all = json.output();
    for (std::string_view rest = all, line; !rest.empty();) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos) break;
        line = rest.substr(0, end);
        EXPECT_NO_THROW((void)parse_json(line, "line")) << line;
        rest.remove_prefix(end + 1);
    }
}

TEST_F(Events, TheCommandSaysWhyItCannot) {
    const auto nobody = hab({"sup", "events"});
    EXPECT_EQ(nobody.exit_code, 1);
    EXPECT_THAT(nobody.err, HasSubstr("no supervisor with an HTTP gateway runs on this machine"));
    RunOptions options;
    options.env = {{"HAB_SUP_GATEWAY_AUTH_TOKEN", "s3cret"}};
    start({}, options);
    const auto refused = hab({"sup", "events"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("401"));
    EXPECT_EQ(hab({"sup", "events", "--format", "json"}).exit_code, 2);
}

}  // namespace
}  // namespace hab::test
