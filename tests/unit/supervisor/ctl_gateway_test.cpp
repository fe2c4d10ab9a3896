// SPDX-License-Identifier: Apache-2.0
// The gateway with its loop on a thread, real sockets and the real client, against fake commands.
#include "supervisor/ctl_gateway.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "base/temp_dir.hpp"
#include "control/client.hpp"
#include "unit/net/raw_client.hpp"
#include "unit/supervisor/gateway_fakes.hpp"

namespace hab::supervisor {
namespace {

using control::Client;
using net::test::RawClient;
using testing::ElementsAre;
using testing::HasSubstr;

const package::Ident nginx{"core", "nginx", "", ""};

class CtlGatewayTest : public testing::Test {
protected:
    CtlGatewayTest() {
        clock_.set_wall(WallTime(std::chrono::seconds(1060)));
        state_.list.push_back(std::make_shared<ServiceSnapshot>(test::nginx_snapshot()));
    }
    ~CtlGatewayTest() override { stop(); }

    CtlServices services() {
        CtlServices services{commands_, state_, events_, clock_};
        services.why = [](const std::string& service, std::size_t chains, bool full) {
            return service + " " + std::to_string(chains) + (full ? " full" : "");
        };
        services.config = [](const std::string& service) { return "cfg of " + service; };
        return services;
    }
    /// On a Unix socket, where `may_change` tells who may do what.
    void serve_locally(std::function<bool(uid_t)> may_change) {
        const net::Endpoint address{{}, 0, (dir_.path() / "ctl.sock").string()};
        gateway_ = std::make_unique<CtlGateway>(
            loop_, address, CtlAccess::by_user(std::move(may_change)), services());
        run();
    }
    void serve(CtlLimits limits = {}) {
        gateway_ = std::make_unique<CtlGateway>(loop_, net::Endpoint{"127.0.0.1", 0, {}},
                                                CtlAccess::by_secret("s3cret"), services(), limits);
        run();
    }
    void run() {
        address_ = gateway_->local();
        thread_ = std::thread([this] {
            const auto work = boost::asio::make_work_guard(loop_);
            loop_.run();
        });
    }
    void stop() {
        if (!thread_.joinable()) return;
        boost::asio::post(loop_, [this] {
            commands_.kept.reset();
            gateway_.reset();
            loop_.stop();
        });
        thread_.join();
    }
    /// Runs something on the loop and waits for it.
    template <typename Function>
    auto on_loop(Function function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto result = task.get_future();
        boost::asio::post(loop_, [&task] { task(); });
        return result.get();
    }
    template <typename Message>
    Error failure_of(const Message& message) {
        try {
            Client(address_, "s3cret").request(message, {});
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "no error";
        return {ErrorCode::bug, ""};
    }

    TempDir dir_{"hab-ctl"};
    FakeClock clock_;
    test::FakeState state_;
    test::FakeCommands commands_;
    EventStream events_{clock_};
    boost::asio::io_context loop_;
    std::unique_ptr<CtlGateway> gateway_;
    net::Endpoint address_;
    std::thread thread_;
};

TEST_F(CtlGatewayTest, LoadsWithEverySetting) {
    commands_.lines = {"Loading", "The core/nginx service was successfully loaded"};
    serve();
    control::SvcLoad load{nginx, true, {}};
    load.settings.binds = std::vector<control::Bind>{{"db", {"pg", "default", "acme"}}};
    load.settings.channel = "unstable";
    load.settings.topology = "leader";
    load.settings.health_check_interval = 5;
    std::string lines;
    Client(address_, "s3cret").request(load, [&](const control::Frame& frame) {
        lines += control::from_wire<control::ConsoleLine>(frame.body).line;
    });
    stop();
    EXPECT_EQ(lines, "Loading\nThe core/nginx service was successfully loaded\n");
    EXPECT_THAT(commands_.calls, ElementsAre("load core/nginx"));
    EXPECT_TRUE(commands_.last_load.force);
    EXPECT_THAT(*commands_.last_load.options.binds, ElementsAre("db:pg.default@acme"));
    EXPECT_EQ(commands_.last_load.options.channel, "unstable");
    EXPECT_EQ(commands_.last_load.options.topology, "leader");
    EXPECT_EQ(commands_.last_load.options.health_check_interval, std::chrono::seconds(5));
    EXPECT_EQ(commands_.last_load.options.group, std::nullopt);
}

TEST_F(CtlGatewayTest, PassesTheOtherCommandsOn) {
    serve();
    Client(address_, "s3cret").request(control::SvcStop{nginx, 7}, {});
    Client(address_, "s3cret").request(control::SvcStart{nginx}, {});
    Client(address_, "s3cret").request(control::SvcUnload{nginx, {}}, {});
    std::string text;
    Client(address_, "s3cret").request(control::SvcGetDefaultCfg{nginx}, [&](const auto& frame) {
        text = control::from_wire<control::ServiceCfg>(frame.body).text;
    });
    Client restart(address_, "s3cret");
    restart.begin(control::SupRestart{});
    restart.wait_until_closed();
    stop();
    EXPECT_EQ(text, "# core/nginx\n");
    EXPECT_THAT(commands_.calls, ElementsAre("stop core/nginx 7", "start core/nginx",
                                             "unload core/nginx", "restart"));
}

TEST_F(CtlGatewayTest, TellsWhyACommandFailed) {
    commands_.error = Error(ErrorCode::conflict, "Service already loaded", "use --force");
    serve();
    const Error error = failure_of(control::SvcLoad{nginx, false, {}});
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_EQ(error.message(), "Service already loaded");
    EXPECT_EQ(error.hint(), "use --force");
}

TEST_F(CtlGatewayTest, ReportsStatus) {
    auto redis = test::nginx_snapshot();
    redis.name = "redis";
    redis.group = "redis.blue@acme";
    redis.spec_ident = "core/redis/7";
    redis.pkg.reset();
    redis.pid.reset();
    redis.phase = ServicePhase::failed;
    redis.failure = "no such user";
    state_.list.push_back(std::make_shared<ServiceSnapshot>(std::move(redis)));
    serve();
    std::vector<control::ServiceStatus> all;
    const auto collect = [&](const control::Frame& frame) {
        all.push_back(control::from_wire<control::ServiceStatus>(frame.body));
    };
    Client(address_, "s3cret").request(control::SvcStatus{}, collect);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].ident.to_string(), "core/nginx/1.22.1/20260101000000");
    EXPECT_TRUE(all[0].up);
    EXPECT_EQ(all[0].pid, 4711u);
    EXPECT_EQ(all[0].elapsed, 60u);
    EXPECT_EQ(all[1].group, (control::Group{"redis", "blue", "acme"}));
    EXPECT_FALSE(all[1].up);
    EXPECT_EQ(all[1].phase, "failed");
    EXPECT_EQ(all[1].reason, "no such user");
    all.clear();
    Client(address_, "s3cret").request(control::SvcStatus{{{"core", "redis", "", ""}}}, collect);
    EXPECT_EQ(all.size(), 1u);
    const Error error = failure_of(control::SvcStatus{{{"core", "mysql", "", ""}}});
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_EQ(error.message(), "Service not loaded, core/mysql");
}

TEST_F(CtlGatewayTest, RefusesAWrongSecret) {
    serve();
    try {
        Client(address_, "guess!");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::denied);
        EXPECT_THAT(error.message(), HasSubstr("secret key mismatch"));
    }
    stop();
    EXPECT_TRUE(commands_.calls.empty());
}

TEST_F(CtlGatewayTest, ClosesOnGarbageWithoutAWord) {
    serve();
    const auto handshake = [](const std::string& secret) {
        return control::encode_frame({control::Transaction{0, false, true}, "Handshake",
                                      control::to_wire(control::Handshake{secret})});
    };
    const std::string request =
        control::encode_frame({control::Transaction{1, false, true}, "SvcStart",
                               control::to_wire(control::SvcStart{nginx})});
    for (const std::string& bytes :
         {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\x80\x5f\xff\xff", 4),
          std::string(5000, '\0'), request, handshake(std::string(2000, 'x'))}) {
        RawClient client(address_);
        client.send(bytes);
        EXPECT_EQ(client.read_all(), "");
    }
    // Oversized after the handshake: the one frame that comes is its NetOk.
    RawClient client(address_);
    client.send(handshake("s3cret") + std::string("\x80\x8f\xff\xff", 4));
    EXPECT_EQ(client.read_all().size(),
              control::encode_frame({control::Transaction{}, "NetOk", ""}).size());
    stop();
    EXPECT_TRUE(commands_.calls.empty());
}

TEST_F(CtlGatewayTest, AnswersRequestsItCannotRead) {
    serve();
    const auto ask = [&](const std::string& id, const std::string& body) {
        RawClient client(address_);
        client.send(control::encode_frame({control::Transaction{0, false, true}, "Handshake",
                                           control::to_wire(control::Handshake{"s3cret"})}));
        client.send(control::encode_frame({control::Transaction{1, false, true}, id, body}));
        control::FrameReader reader;
        reader.feed(client.read_all());
        (void)reader.next();  // NetOk of the handshake
        const auto frame = reader.next();
        EXPECT_TRUE(frame.has_value()) << id;
        if (!frame) return control::NetErr{};
        EXPECT_TRUE(frame->transaction->complete);
        return control::from_wire<control::NetErr>(frame->body);
    };
    EXPECT_EQ(ask("SvcDance", "").code, control::NetErrCode::not_supported);
    EXPECT_EQ(ask("SvcStart", "\xff\xff").code, control::NetErrCode::bad_payload);
    EXPECT_EQ(ask("SvcStart", "").code, control::NetErrCode::update_client);
    // Sent again, it is a request like any other that does not exist.
    EXPECT_EQ(ask("Handshake", control::to_wire(control::Handshake{"s3cret"})).code,
              control::NetErrCode::not_supported);
    stop();
    EXPECT_TRUE(commands_.calls.empty());
}

TEST_F(CtlGatewayTest, ClosesConnectionsThatSayNothing) {
    CtlLimits limits;
    limits.handshake = std::chrono::milliseconds(50);
    serve(limits);
    RawClient client(address_);
    EXPECT_EQ(client.read_all(), "");  // returns because the gateway closed
}

TEST_F(CtlGatewayTest, StreamsTheLogOfAServiceUntilTheEnd) {
    serve();
    Client follower(address_, "s3cret");
    follower.begin(control::LogFollow{"nginx"});
    // The request has been handled once another client's request has: one loop, in order of
    // arrival.
    Client(address_, "s3cret").request(control::SvcStart{nginx}, {});
    on_loop([&] {
        events_.publish(LogLine{LineSource::service_out, "nginx.default", "O", "hello"});
        events_.publish(LogLine{LineSource::service_out, "redis.default", "O", "other"});
        events_.publish(LogLine{LineSource::supervisor, "hab-sup", "MR", "mine"});
        gateway_.reset();
        return 0;
    });
    std::string lines;
    EXPECT_TRUE(follower.finish([&](const control::Frame& frame) {
        lines += control::from_wire<control::ConsoleLine>(frame.body).line;
    }));
    EXPECT_EQ(lines, "nginx.default(O): hello\nhab-sup(MR): mine\n");
}

TEST_F(CtlGatewayTest, DropsFollowersThatDoNotRead) {
    CtlLimits limits;
    limits.unread_bytes = 64 * 1024;
    serve(limits);
    Client follower(address_, "s3cret");
    follower.begin(control::LogFollow{});
    Client(address_, "s3cret").request(control::SvcStart{nginx}, {});
    const std::string line(10'000, 'x');
    // More than the kernel buffers for a socket, too.
    on_loop([&] {
        for (int i = 0; i < 2000; ++i) {
            events_.publish(LogLine{LineSource::service_out, "nginx.default", "O", line});
        }
        return 0;
    });
    EXPECT_THROW(follower.finish({}), Error);
}

TEST_F(CtlGatewayTest, ForgetsClientsThatLeaveBeforeTheAnswer) {
    commands_.silent = true;
    serve();
    {
        Client client(address_, "s3cret");
        client.begin(control::SvcStop{nginx, {}});
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    bool asked = false;
    while (!asked && std::chrono::steady_clock::now() < deadline) {
        asked = on_loop([&] { return commands_.kept != nullptr; });
    }
    ASSERT_TRUE(asked);
    on_loop([&] {
        commands_.kept->line("nobody hears this");
        commands_.kept->done(nullptr);
        commands_.kept.reset();
        return 0;
    });
    std::size_t open = 1;
    while (open > 0 && std::chrono::steady_clock::now() < deadline) {
        open = on_loop([&] { return gateway_->connections(); });
    }
    EXPECT_EQ(open, 0u);
}

TEST_F(CtlGatewayTest, SaysWhichAddressIsInUse) {
    serve();
    try {
        boost::asio::io_context other;
        const CtlGateway second(other, address_, CtlAccess::by_secret("x"), services());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_EQ(error.message(),
                  "cannot listen on " + address_.to_string() + ": the address is already in use");
    }
}

std::string ask(const net::Endpoint& address, const std::string& secret,
                const control::Query& query) {
    std::string text;
    Client(address, secret).request(query, [&](const control::Frame& frame) {
        text = control::from_wire<control::Answer>(frame.body).json;
    });
    return text;
}

TEST_F(CtlGatewayTest, AnswersQueries) {
    serve();
    EXPECT_EQ(ask(address_, "s3cret", {"why", "nginx", 3}), "nginx 3 full");
    EXPECT_EQ(ask(address_, "s3cret", {"config", "nginx", 0}), "cfg of nginx");
    const Error error = failure_of(control::Query{"weather", "nginx", 0});
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_EQ(error.message(), "this supervisor cannot tell 'weather'");
}

TEST_F(CtlGatewayTest, OnItsSocketEverybodyMayLookButNotChange) {
    serve_locally([](uid_t) { return false; });
    int seen = 0;
    Client(address_, "").request(control::SvcStatus{}, [&](const control::Frame&) { ++seen; });
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(ask(address_, "", {"why", "nginx", 0}), "nginx 0");
    const auto refusal = [&](const auto& message) -> std::string {
        try {
            Client(address_, "").request(message, {});
        } catch (const Error& error) {
            return error.code() == ErrorCode::denied ? error.message() : "another code";
        }
        return "no error";
    };
    const std::string only = ": only root and the user who runs the supervisor may";
    EXPECT_EQ(refusal(control::SvcStop{nginx, {}}), "you may not stop a service" + only);
    EXPECT_EQ(refusal(control::SvcLoad{nginx, false, {}}), "you may not load a service" + only);
    EXPECT_EQ(refusal(control::SvcUpdate{nginx, {}}), "you may not update a service" + only);
    EXPECT_EQ(refusal(control::SvcUnload{nginx, {}}), "you may not unload a service" + only);
    EXPECT_EQ(refusal(control::SvcStart{nginx}), "you may not start a service" + only);
    EXPECT_EQ(refusal(control::LogFollow{}), "you may not follow the log" + only);
    EXPECT_EQ(refusal(control::Query{"config", "nginx", 0}),
              "you may not see the configuration of a service" + only);
    Client restart(address_, "");
    restart.begin(control::SupRestart{});
    EXPECT_THROW(restart.wait_until_closed(), Error);
    stop();
    EXPECT_TRUE(commands_.calls.empty());
}

TEST_F(CtlGatewayTest, OnItsSocketThePeerNeedsNoSecretAndIsNamed) {
    uid_t asked = 4711;
    serve_locally([&](uid_t user) {
        asked = user;
        return true;
    });
    commands_.silent = true;
    Client client(address_, "not the secret");
    client.begin(control::SvcStop{nginx, {}});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::string who;
    while (who.empty() && std::chrono::steady_clock::now() < deadline) {
        who = on_loop([&] { return commands_.kept ? commands_.kept->who() : std::string(); });
    }
    EXPECT_EQ(who, "uid " + std::to_string(::geteuid()) + " (process " +
                       std::to_string(::getpid()) + ")");
    EXPECT_EQ(asked, ::geteuid());
    EXPECT_TRUE(is_root_or_self(::geteuid()));
    EXPECT_TRUE(is_root_or_self(0));
    EXPECT_FALSE(is_root_or_self(::geteuid() + 1));
}

TEST_F(CtlGatewayTest, IdleConnectionsDoNotKeepOthersOut) {
    CtlLimits limits;
    limits.connections = 8;
    serve(limits);
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < 200; ++i)
        idle.push_back(std::make_unique<RawClient>(address_));
    int seen = 0;
    Client(address_, "s3cret").request(control::SvcStatus{}, [&](const control::Frame&) {
        ++seen;
    });
    EXPECT_EQ(seen, 1);
    EXPECT_LE(on_loop([&] { return gateway_->connections(); }), 9u);
}

TEST_F(CtlGatewayTest, AReplayedHandshakeIsNoRequest) {
    serve();
    const std::string greeting =
        control::encode_frame({control::Transaction{0, false, true}, "Handshake",
                               control::to_wire(control::Handshake{"s3cret"})});
    RawClient client(address_);
    client.send(greeting + greeting);
    control::FrameReader reader;
    reader.feed(client.read_all());
    EXPECT_EQ(reader.next()->message_id, "NetOk");
    const auto answer = reader.next();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(control::from_wire<control::NetErr>(answer->body).code,
              control::NetErrCode::not_supported);
    stop();
    EXPECT_TRUE(commands_.calls.empty());
}

}  // namespace
}  // namespace hab::supervisor
