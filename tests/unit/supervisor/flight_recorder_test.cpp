// SPDX-License-Identifier: Apache-2.0
#include "supervisor/flight_recorder.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/temp_dir.hpp"
#include "supervisor/input_changes.hpp"
#include "supervisor/why_answer.hpp"
#include "supervisor/why_report.hpp"
#include "supervisor/why_sentences.hpp"
#include "unit/supervisor/gateway_fakes.hpp"

namespace hab::supervisor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FlightRecorderTest : public testing::Test {
protected:
    FlightRecorderTest() {
        clock_.set_wall(WallTime(std::chrono::seconds(1'767'225'600)));  // 2026-01-01T00:00:00Z
        begin();
    }
    void begin(const RecorderPolicy& policy = {}) {
        recorder_.reset();
        recorder_ = std::make_unique<FlightRecorder>(
            loop_, events_, dir_.path() / "why", [this](const std::string&) { return secrets_; },
            [this](const std::string& service) {
                return why_text(why_report(service, recorder_->records(service), nullptr));
            },
            policy);
    }
    std::uint64_t tell(EventBody body, std::uint64_t cause = 0) {
        clock_.advance(std::chrono::milliseconds(10));
        return events_.publish(std::move(body), cause);
    }
    void print(const std::string& text) {
        tell(LogLine{LineSource::service_out, "redis.default", "O", text});
    }
    /// What a service does that is loaded and comes up; generation of its process's start.
    std::uint64_t come_up(std::int64_t pid = 12) {
        const auto loaded = tell(ServiceLoaded{"redis", "redis.default", "core/redis"});
        const auto phase =
            tell(PhaseChanged{"redis", ServicePhase::down, ServicePhase::starting, "it is wanted"},
                 loaded);
        return tell(ProcessStarted{"redis", pid, false}, phase);
    }
    /// user.toml brings another port, and the process is restarted for it.
    void reconfigure() {
        const auto input = tell(InputChanged{
            "redis", {{"cfg.port", "/hab/user/redis/config/user.toml:3", "6379", "6380"}}});
        const auto rendered = tell(
            ConfigRendered{"redis", {"cfg.port"}, {"config/redis.conf"}, {}, {"config/redis.conf"}},
            input);
        const auto stopping = tell(PhaseChanged{"redis", ServicePhase::up, ServicePhase::stopping,
                                                "its configuration changed"},
                                   rendered);
        const auto signalled = tell(ProcessSignalled{"redis", 12, 15}, stopping);
        print("bye");
        const auto exited = tell(ProcessExited{"redis", 12, {0, 0}}, signalled);
        tell(ProcessStarted{"redis", 13, false}, exited);
    }
    std::string text(std::size_t chains = default_chains) {
        return why_text(why_report("redis", recorder_->records("redis"), nullptr, chains));
    }

    TempDir dir_{"hab-recorder"};
    FakeClock clock_;
    EventStream events_{clock_};
    boost::asio::io_context loop_;
    std::optional<std::vector<std::string>> secrets_ = std::vector<std::string>{};
    std::unique_ptr<FlightRecorder> recorder_;
};

TEST_F(FlightRecorderTest, TellsARestartFromTheInputToThePid) {
    come_up();
    reconfigure();
    EXPECT_EQ(text(1),
              "redis is not loaded now\n"
              "\n"
              "2026-01-01T00:00:00.040Z  restart: its configuration changed\n"
              "  +0.000s  cfg.port: 6379 -> 6380 (/hab/user/redis/config/user.toml:3)\n"
              "  +0.010s  config/redis.conf read cfg.port; written: config/redis.conf\n"
              "  +0.020s  up -> stopping: its configuration changed\n"
              "  +0.030s  process 12 was sent SIGTERM\n"
              "  +0.050s  process 12 exited with code 0\n"
              "          | bye\n"
              "  +0.060s  process 13 started\n");
    const Value report = why_report("redis", recorder_->records("redis"), nullptr);
    const Array& chains = *report.at_path("chains")->as_array();
    ASSERT_EQ(chains.size(), 2u);
    EXPECT_EQ(record_text(chains[0], "kind"), "restart");
    EXPECT_EQ(record_text(chains[1], "title"), "start: it was loaded");
}

TEST_F(FlightRecorderTest, NamesEachKindOfChain) {
    const auto started = come_up();
    tell(ProcessExited{"redis", 12, {3, 0}});
    const auto command = tell(CommandReceived{"redis", "stop", "uid 0 (process 7)"});
    const auto signalled = tell(ProcessSignalled{"redis", 12, 15}, command);
    tell(ProcessExited{"redis", 12, {0, 15}}, signalled);
    const auto checked =
        tell(HookEnded{"redis", "health-check", {2, 0}, false, 44, std::chrono::milliseconds(7)});
    tell(HealthChanged{"redis", Health::ok, Health::critical}, checked);
    const auto input = tell(InputChanged{"redis", {{"cfg.a", "", "1", ""}}});
    tell(ConfigRefused{"redis", "cfg.a must be there"}, input);
    tell(ProcessStarted{"redis", 12, true});
    EXPECT_GT(started, 0u);
    const Value report = why_report("redis", recorder_->records("redis"), nullptr);
    std::vector<std::string> titles;
    for (const Value& chain : *report.at_path("chains")->as_array())
        titles.push_back(record_text(chain, "title"));
    EXPECT_THAT(titles,
                ElementsAre("takeover: process 12 was taken over by a new supervisor",
                            "refused: its configuration changed",
                            "health: hook health-check exited with code 2 (process 44, 7 ms)",
                            "stop: asked for by uid 0 (process 7): stop",
                            "crash: process 12 exited with code 3", "start: it was loaded"));
}

TEST_F(FlightRecorderTest, OutlivesTheSupervisor) {
    come_up();
    begin();  // the destruction of the first one writes what waits
    tell(ServiceLoaded{"redis", "redis.default", "core/redis"});
    const auto records = recorder_->records("redis");
    ASSERT_EQ(records.size(), 4u);
    EXPECT_NE(record_text(records[0], "run"), record_text(records[3], "run"));
    // Generations begin anew with each supervisor: the same number is not the same event.
    EXPECT_EQ(why_report("redis", records, nullptr).at_path("chains")->as_array()->size(), 2u);
    recorder_->flush();
    EXPECT_EQ(read_records(dir_.path() / "why", "redis").size(), 4u);
}

TEST_F(FlightRecorderTest, StaysWithinItsBounds) {
    begin({.file_bytes = 4096});
    come_up();
    for (int i = 0; i < 500; ++i) {
        tell(HealthChanged{"redis", Health::ok, Health::critical});
        if (i % 10 == 0) recorder_->flush();
    }
    recorder_->flush();
    const auto size = [&](const char* name) {
        return std::filesystem::file_size(dir_.path() / "why" / name);
    };
    EXPECT_LT(size("redis.jsonl") + size("redis.jsonl.1"), 3u * 4096);
    EXPECT_GT(recorder_->records("redis").size(), 10u);
}

TEST_F(FlightRecorderTest, LeavesOutWhatComesByTheClockAndTellsNothingNew) {
    come_up();
    for (int i = 0; i < 3; ++i) {
        tell(HookStarted{"redis", "health-check", 44});
        tell(HookEnded{"redis", "health-check", {0, 0}, false, 44, {}});
    }
    tell(HookEnded{"redis", "health-check", {1, 0}, false, 45, {}});
    std::vector<std::string> types;
    for (const Value& record : recorder_->records("redis"))
        types.push_back(record_text(record, "type"));
    EXPECT_THAT(types, ElementsAre("service_loaded", "phase", "process_started", "hook_ended",
                                   "hook_ended"));
}

TEST_F(FlightRecorderTest, NeverKeepsASecret) {
    secrets_ = {"hunter2", "-----KEY-----\nc2VjcmV0\n-----END-----"};
    come_up();
    print("password is hunter2, indeed");
    print("c2VjcmV0");
    secrets_ = {"other"};  // a new one; the old one may be printed still
    print("hunter2 again");
    tell(ProcessExited{"redis", 12, {1, 0}});
    tell(ConfigRefused{"redis", "the config-check hook said: other hunter2"});
    recorder_->flush();
    const std::string file = read_file(dir_.path() / "why/redis.jsonl");
    EXPECT_THAT(file, Not(HasSubstr("hunter2")));
    EXPECT_THAT(file, Not(HasSubstr("c2VjcmV0")));
    EXPECT_THAT(file, Not(HasSubstr("other")));
    EXPECT_THAT(file, HasSubstr("password is (secret), indeed"));
}

TEST_F(FlightRecorderTest, HidesASecretThatALongLineIsCutIn) {
    RecorderPolicy policy;
    policy.line_bytes = 32;
    begin(policy);
    secrets_ = {"z1", "az1b-hunter2"};
    come_up();
    print(std::string(28, '.') + "az1b-hunter2");
    print("az1b-hunter2");
    tell(ProcessExited{"redis", 12, {1, 0}});
    recorder_->flush();
    const std::string file = read_file(dir_.path() / "why/redis.jsonl");
    EXPECT_THAT(file, Not(HasSubstr("az")));
    EXPECT_THAT(file, Not(HasSubstr("hunter2"))) << "the longer one goes first";
    EXPECT_THAT(file, HasSubstr(std::string(28, '.') + "(sec"));
}

TEST_F(FlightRecorderTest, LeavesOutputOutWhileTheSecretsAreNotKnown) {
    secrets_ = std::nullopt;
    come_up();
    print("who knows what this is");
    tell(ProcessExited{"redis", 12, {1, 0}});
    EXPECT_THAT(text(), Not(HasSubstr("who knows")));
}

TEST_F(FlightRecorderTest, TellsOfACrashLoopOnceAndWritesItDown) {
    std::vector<std::string> said;
    const auto subscription = events_.subscribe([&](const Event& event) {
        if (const auto* line = std::get_if<LogLine>(&event.body)) said.push_back(line->text);
    });
    come_up();
    for (int i = 0; i < 7; ++i)
        tell(ProcessExited{"redis", 20 + i, {0, 11}});
    const auto file = (dir_.path() / "why/redis.crash.txt").string();
    EXPECT_THAT(said, ElementsAre("It failed 5 times in short order; `hab why redis` or " + file +
                                  " tells more"));
    EXPECT_THAT(read_file(file), HasSubstr("crash: process 24 was terminated by signal 11"));
}

TEST_F(FlightRecorderTest, FailuresFarApartAreNoLoop) {
    come_up();
    for (int i = 0; i < 7; ++i) {
        clock_.advance(std::chrono::minutes(2));
        tell(ProcessExited{"redis", 20 + i, {0, 11}});
    }
    EXPECT_FALSE(std::filesystem::exists(dir_.path() / "why/redis.crash.txt"));
}

TEST_F(FlightRecorderTest, ReadsAroundLinesThatAreNone) {
    come_up();
    recorder_->flush();
    const auto file = dir_.path() / "why/redis.jsonl";
    write_file_atomic(file, "{\"type\":7,\"at\":\"x\",\"changes\":[1,{\"path\":[]}]}\n[]\n{half\n" +
                                read_file(file) + "{\"type\":\"input_changed\",\"changes\":[1]}");
    const auto records = recorder_->records("redis");
    EXPECT_EQ(records.size(), 5u);
    EXPECT_THAT(text(), HasSubstr("start: it was loaded"));
}

TEST_F(FlightRecorderTest, WhoMayOnlyLookIsToldNoValuesAndNoOutput) {
    come_up();
    reconfigure();
    test::FakeState state;
    const Value all = why_answer(state, *recorder_, "core/redis", 0, true);
    EXPECT_THAT(to_json(all), HasSubstr("6380"));
    const std::string shown = to_json(why_answer(state, *recorder_, "redis.default", 0, false));
    EXPECT_THAT(shown, Not(HasSubstr("6380")));
    EXPECT_THAT(shown, Not(HasSubstr("bye")));
    EXPECT_THAT(shown, HasSubstr("cfg.port changed (/hab/user/redis/config/user.toml:3)"));
}

TEST_F(FlightRecorderTest, RefusesNamesThatAreNone) {
    test::FakeState state;
    const auto failure = [&](const std::string& name) {
        try {
            (void)why_answer(state, *recorder_, name, 0, true);
        } catch (const Error& error) {
            return std::pair(error.code(), error.message());
        }
        return std::pair(ErrorCode::bug, std::string());
    };
    EXPECT_EQ(failure("../etc/passwd"),
              std::pair(ErrorCode::not_found, std::string("nothing is known of a service 'etc'")));
    EXPECT_EQ(failure("a/../x"),
              std::pair(ErrorCode::usage, std::string("'a/../x' cannot name a service")));
    EXPECT_EQ(failure(""), std::pair(ErrorCode::usage, std::string("'' cannot name a service")));
    EXPECT_EQ(failure("none"),
              std::pair(ErrorCode::not_found, std::string("nothing is known of a service 'none'")));
}

TEST(WhyText, FitsTheWidth) {
    Object record;
    record.set("type", "phase");
    record.set("from", "up");
    record.set("to", "down");
    record.set("reason",
               std::string(30, 'a') + " " + std::string(30, 'b') + " " + std::string(30, 'c'));
    const std::string text = why_text(why_report("x", {Value(record)}, nullptr), 60);
    std::size_t longest = 0;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto end = text.find('\n', begin);
        longest = std::max(longest, end - begin);
        begin = end + 1;
    }
    EXPECT_LE(longest, 60u);
}

TEST(InputChanges, HaveOriginsAndNoSecrets) {
    const auto at = std::make_shared<const Origin>(Origin{"user.toml", 3});
    Value port(6380);
    port.set_origin(at);
    Object after, shown_after, before;
    before.set("port", 6379);
    before.set("gone", "x");
    after.set("port", port);
    after.set("password", "hunter2");
    shown_after.set("port", port);
    shown_after.set("password", "(secret)");
    const auto changes =
        input_changes({"/port", "/password", "/gone"}, before, after, Value(shown_after));
    ASSERT_EQ(changes.size(), 3u);
    EXPECT_EQ(changes[0].path, "cfg.port");
    EXPECT_EQ(changes[0].origin, "user.toml:3");
    EXPECT_EQ(changes[0].before, "6379");
    EXPECT_EQ(changes[0].after, "6380");
    EXPECT_EQ(changes[1].after, "(secret)");
    EXPECT_EQ(changes[2].after, "");
    EXPECT_THAT(hidden_texts(Value(after), Value(shown_after)), ElementsAre("hunter2"));
}

}  // namespace
}  // namespace hab::supervisor
