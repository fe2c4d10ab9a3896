// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/event_feed.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "supervisor/http/event_json.hpp"

namespace hab::supervisor::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A client that reads everything, until it is closed.
class FakeStream final : public net::HttpStream {
public:
    bool send(std::shared_ptr<const std::string> bytes) override {
        if (closed) return false;
        text += *bytes;
        ++pieces;
        if (limit > 0 && pieces >= limit) close();
        return !closed;
    }
    void end() override { close(); }
    void on_close(std::function<void()> callback) override { on_close_ = std::move(callback); }
    void close() {
        closed = true;
        if (auto callback = std::exchange(on_close_, {})) callback();
    }

    std::string text;
    int pieces = 0;
    int limit = 0;  ///< dropped with this piece
    bool closed = false;

private:
    std::function<void()> on_close_;
};

class EventFeedTest : public testing::Test {
protected:
    std::shared_ptr<FakeStream> listen(const std::string& query = {},
                                       const std::string& last_id = {}) {
        net::HttpServerRequest request;
        request.query = query;
        if (!last_id.empty()) request.headers.emplace_back("last-event-id", last_id);
        const auto response = feed_->answer(request);
        EXPECT_EQ(response.status, 200u);
        EXPECT_EQ(response.content_type, "text/event-stream");
        auto stream = std::make_shared<FakeStream>();
        if (response.stream) response.stream(stream);
        return stream;
    }
    void health(const std::string& service) {
        events_.publish(HealthChanged{service, Health::ok, Health::critical});
    }
    /// Types of the events in a text, in order.
    static std::vector<std::string> types(const std::string& text) {
        std::vector<std::string> out;
        for (auto at = text.find("event: "); at != text.npos; at = text.find("event: ", at + 1))
            out.push_back(text.substr(at + 7, text.find('\n', at) - at - 7));
        return out;
    }

    boost::asio::io_context loop_;
    FakeClock clock_;
    EventStream events_{clock_};
    std::optional<EventFeed> feed_{std::in_place, loop_, events_,
                                   EventFeed::Settings{.boot = "b00t", .version = "1", .kept = 3}};
};

TEST_F(EventFeedTest, SaysHelloAndThenWhatHappens) {
    health("before");
    const auto stream = listen();
    EXPECT_THAT(stream->text,
                testing::StartsWith("retry: 2000\nevent: hello\ndata: {\"generation\":1,\"type\":"
                                    "\"hello\",\"boot\":\"b00t\",\"version\":\"1\"}\n\n"));
    EXPECT_THAT(stream->text, testing::EndsWith("id: b00t-1\n\n"));
    stream->text.clear();
    clock_.set_wall(WallTime(std::chrono::milliseconds(1'000'042)));
    health("nginx");
    EXPECT_EQ(stream->text,
              "id: b00t-2\nevent: health\ndata: {\"generation\":2,\"time\":\"1970-01-01T00:16:40."
              "042Z\",\"type\":\"health\",\"service\":\"nginx\",\"from\":\"OK\",\"to\":"
              "\"CRITICAL\"}\n\n");
}

TEST_F(EventFeedTest, WhoComesBackGetsWhatItMissed) {
    for (int i = 0; i < 3; ++i)
        health("nginx");
    EXPECT_THAT(types(listen({}, "b00t-1")->text), ElementsAre("hello", "health", "health"));
    EXPECT_THAT(types(listen({}, "b00t-3")->text), ElementsAre("hello"));
    EXPECT_THAT(types(listen("last_id=b00t-2")->text), ElementsAre("hello", "health"));
    EXPECT_THAT(types(listen({}, "b00t-0")->text),
                ElementsAre("hello", "health", "health", "health"));
}

TEST_F(EventFeedTest, WhoMissedMoreThanAConnectionMayOweGetsTheLatestAndAGap) {
    feed_.emplace(
        loop_, events_,
        EventFeed::Settings{.boot = "b00t", .version = "1", .kept = 1000, .catch_up = 8192});
    for (int i = 0; i < 100; ++i)
        health("nginx");
    const auto stream = listen({}, "b00t-1");
    EXPECT_LE(stream->text.size(), 9000u);
    EXPECT_THAT(stream->text, testing::EndsWith("id: b00t-100\n\n"));
    const auto got = types(stream->text);
    ASSERT_GT(got.size(), 10u);
    EXPECT_EQ(got[1], "gap");
    const auto missed = 99 - (got.size() - 2);
    EXPECT_THAT(stream->text, HasSubstr("\"missed\":" + std::to_string(missed) + "}"));
}

TEST_F(EventFeedTest, AGapIsTold) {
    for (int i = 0; i < 5; ++i)
        health("nginx");  // 1 and 2 are not kept any more
    const auto late = listen({}, "b00t-1")->text;
    EXPECT_THAT(types(late), ElementsAre("hello", "gap", "health", "health", "health"));
    EXPECT_THAT(late, HasSubstr("\"missed\":1"));
    EXPECT_THAT(types(listen({}, "b00t-2")->text), Not(testing::Contains("gap")));
    for (const char* strange : {"other-2", "b00t-x", "b00t-99", "b00t", "-", "\xff"}) {
        const auto text = listen({}, strange)->text;
        EXPECT_THAT(types(text), testing::Contains("gap")) << strange;
        EXPECT_THAT(text, HasSubstr("\"missed\":null")) << strange;
    }
}

TEST_F(EventFeedTest, LinesAreForThoseWhoAskAndAreNotKept) {
    const auto plain = listen();
    const auto with_lines = listen("log=true");
    const auto of_redis = listen("log=true&service=redis");
    plain->text.clear();
    for (int i = 0; i < 5; ++i)
        events_.publish(LogLine{LineSource::service_out, "nginx.default", "O", "a \xff <b>"});
    health("redis");
    EXPECT_THAT(types(plain->text), ElementsAre("health"));
    EXPECT_EQ(types(with_lines->text).size(), 7u);
    EXPECT_THAT(with_lines->text, HasSubstr("\"text\":\"a \xef\xbf\xbd <b>\""));
    EXPECT_THAT(types(of_redis->text), ElementsAre("hello", "health"));
    // Lines did not push anything out.
    health("nginx");
    EXPECT_THAT(types(listen({}, "b00t-5")->text), ElementsAre("hello", "health", "health"));
    net::HttpServerRequest bad;
    bad.query = "log=perhaps";
    EXPECT_EQ(feed_->answer(bad).status, 400u);
}

TEST_F(EventFeedTest, ReadersThatGoAreForgottenAlsoInTheMiddle) {
    const auto first = listen();
    const auto second = listen();
    const auto third = listen();
    EXPECT_EQ(feed_->readers(), 3u);
    second->limit = second->pieces + 1;
    health("nginx");
    EXPECT_EQ(feed_->readers(), 2u);
    EXPECT_THAT(types(third->text), ElementsAre("hello", "health"));
    first->close();
    third->close();
    EXPECT_EQ(feed_->readers(), 0u);
    const auto last = listen();
    feed_.reset();
    EXPECT_TRUE(last->closed);
    health("nginx");
}

TEST_F(EventFeedTest, EveryEventBecomesJson) {
    const std::vector<EventBody> all{
        ServiceLoaded{"s", "s.g", "o/s"},
        ServiceUnloaded{"s"},
        PhaseChanged{"s", ServicePhase::up, ServicePhase::backoff, "why"},
        ProcessStarted{"s", 7, true},
        ProcessExited{"s", 7, {0, 9}},
        HookStarted{"s", "init", 8},
        HookEnded{"s", "init", {1, 0}, true, 8, std::chrono::milliseconds(5)},
        HealthChanged{"s", Health::unknown, Health::ok},
        BecameReady{"s", 7},
        ConfigRendered{"s", {"cfg.a"}, {"config/a"}, {"config/b"}, {}},
        ConfigRefused{"s", "bad \xff"},
        InputChanged{"s", {{"cfg.a", "user.toml:3", "1", "2"}}},
        CommandReceived{"s", "stop", "uid 0"},
        ProcessSignalled{"s", 7, 15},
        LogLine{LineSource::hook, "s.g hook[init]:", "HK", "text"},
        SupervisorStopping{true},
        MemberChanged{"0123", "10.0.0.1", "suspect", 4},
        LeaderChanged{"redis.default", "leader", "0123", 7}};
    ASSERT_EQ(all.size(), std::variant_size_v<EventBody>);
    for (const auto& body : all) {
        const Value json = event_json({3, WallTime{}, body, 2});
        const Value read = parse_json(to_json(json), "event");
        EXPECT_EQ(*read.at_path("type"), Value(event_type(body)));
        EXPECT_EQ(*read.at_path("cause"), Value(2));
        const bool about_service = !std::holds_alternative<SupervisorStopping>(body) &&
                                   !std::holds_alternative<MemberChanged>(body) &&
                                   !std::holds_alternative<LeaderChanged>(body);
        EXPECT_EQ(event_service(body), about_service ? "s" : "");
    }
    const Event change{1, WallTime{}, all[11]};
    EXPECT_THAT(to_json(event_json(change)), HasSubstr("\"before\":\"1\",\"after\":\"2\""));
    EXPECT_THAT(to_json(event_json(change, true)), Not(HasSubstr("before")));
}

}  // namespace
}  // namespace hab::supervisor::http
