// SPDX-License-Identifier: Apache-2.0
#include "supervisor/run_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::supervisor {
namespace {

RunOptions parse(const std::vector<std::string>& words) {
    return parse_run_options(words);
}

std::string failure(const std::vector<std::string>& words) {
    try {
        (void)parse(words);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        return error.message();
    }
    return "";
}

TEST(RunOptions, DefaultsAreUpstreams) {
    ::unsetenv("HAB_LISTEN_HTTP");
    ::unsetenv("HAB_LISTEN_CTL");
    const auto options = parse({});
    ASSERT_TRUE(options.listen_http);
    EXPECT_EQ(options.listen_http->to_string(), "0.0.0.0:9631");
    EXPECT_EQ(options.listen_ctl.to_string(), "127.0.0.1:9632");
    EXPECT_EQ(options.ring.listen.to_string(), "0.0.0.0:9638");
    EXPECT_TRUE(options.ring.peers.empty());
    EXPECT_EQ(options.cooldown, std::chrono::seconds(300));
    EXPECT_FALSE(options.explicit_backoff);
    EXPECT_TRUE(options.package.empty());
}

TEST(RunOptions, SayWhomToJoin) {
    const auto options = parse({"--peer", "10.0.0.1,10.0.0.2:1", "--peer=web", "-I", "-r", "prod",
                                "--listen-gossip", "[::]:0"});
    EXPECT_EQ(options.ring.peers, (std::vector<std::string>{"10.0.0.1", "10.0.0.2:1", "web"}));
    EXPECT_TRUE(options.ring.permanent_peer);
    EXPECT_EQ(options.ring.ring, "prod");
    EXPECT_EQ(options.ring.listen.port, 0);
    EXPECT_EQ(parse({"--local-gossip-mode"}).ring.listen.to_string(), "127.0.0.2:9638");
    EXPECT_EQ(failure({"--listen-gossip", "nowhere:1"}),
              "'nowhere:1' is no address that the ring can listen on");
}

TEST(RunOptions, TheEnvironmentGivesDefaultsAndOptionsWin) {
    ::setenv("HAB_LISTEN_HTTP", "127.0.0.1:1234", 1);
    EXPECT_EQ(parse({}).listen_http->port, 1234);
    EXPECT_EQ(parse({"--listen-http", "127.0.0.1:0"}).listen_http->port, 0);
    ::unsetenv("HAB_LISTEN_HTTP");
}

TEST(RunOptions, TakesEveryFormOfAnOption) {
    const auto options = parse({"--group=prod", "-t", "leader", "-sat-once", "core/redis", "--bind",
                                "a:b.c", "--bind", "d:e.f", "-D", "--service-min-backoff-period=0",
                                "--no-color", "--json-logging", "-v"});
    EXPECT_EQ(options.package, "core/redis");
    EXPECT_EQ(options.load.group, "prod");
    EXPECT_EQ(options.load.topology, "leader");
    EXPECT_EQ(options.load.update_strategy, "at-once");
    EXPECT_THAT(*options.load.binds, ::testing::ElementsAre("a:b.c", "d:e.f"));
    EXPECT_FALSE(options.listen_http);
    EXPECT_TRUE(options.explicit_backoff);
    EXPECT_TRUE(options.no_color && options.json_logging && options.verbose);
}

TEST(RunOptions, BadInputIsOneSentence) {
    EXPECT_EQ(failure({"--nope"}), "hab sup run does not know the option --nope");
    EXPECT_EQ(failure({"--group"}), "--group needs a value");
    EXPECT_EQ(failure({"--no-color=yes"}), "the option --no-color=yes takes no value");
    EXPECT_EQ(failure({"--shutdown-timeout", "soon"}),
              "--shutdown-timeout needs a number of seconds, not 'soon'");
    EXPECT_EQ(failure({"a/b", "c/d"}), "hab sup run takes one package, but got 'a/b' and 'c/d'");
    EXPECT_NE(failure({"--listen-http", "127.0.0.1:99999"}), "");
}

TEST(RunOptions, HelpNamesEveryOption) {
    const auto help = run_options_help();
    for (const char* name : {"--listen-http", "--http-disable", "--listen-ctl", "--json-logging",
                             "--health-check-interval", "--service-restart-cooldown-period"}) {
        EXPECT_THAT(help, ::testing::HasSubstr(name));
    }
}

}  // namespace
}  // namespace hab::supervisor
