// SPDX-License-Identifier: Apache-2.0
// The test equipment itself: what later tests rely on.
#include "support/world.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/tree.hpp"
#include "support/hosts.hpp"
#include "support/mount.hpp"
#include "support/pty.hpp"
#include "support/relay.hpp"
#include "support/run.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

class World : public WorldTest {};

TEST_F(World, HasAnEmptyHabAndTheHabUser) {
    EXPECT_TRUE(fs::is_empty("/hab"));
    EXPECT_THAT(run({"id", "hab"}).out, HasSubstr("uid=4242(hab)"));
    write_file_atomic("/hab/file", "x");
    reset_hab();
    EXPECT_TRUE(fs::is_empty("/hab"));
}

TEST_F(World, RemoveTreeNeverDeletesThroughAMount) {
    make_directories("/hab/tree/in");
    make_directories("/hab/precious");
    write_file_atomic("/hab/precious/file", "keep");
    ASSERT_EQ(run({"mount", "--bind", "/hab/precious", "/hab/tree/in"}).exit_code, 0);
    EXPECT_EQ(mounts_below("/hab/tree"), 1u);
    EXPECT_THROW(remove_tree("/hab/tree"), Error);
    EXPECT_EQ(read_file("/hab/precious/file"), "keep");
    ASSERT_EQ(run({"umount", "/hab/tree/in"}).exit_code, 0);
    EXPECT_NO_THROW(remove_tree("/hab/tree"));
}

TEST_F(World, AFullDiskIsOneClearError) {
    const SmallDisk disk("/hab/small", 65536);
    try {
        write_file_atomic("/hab/small/file", std::string(1 << 20, 'x'));
        FAIL() << "a megabyte does not fit into 64 kB";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::no_space);
    }
    EXPECT_TRUE(fs::is_empty("/hab/small")) << "something half-written stayed";
}

TEST_F(World, ProgramsAreRunAndKilledAtTheirDeadline) {
    const std::string misbehave = (build_dir() / "tests/misbehave").string();
    const RunResult said = run({misbehave, "say", "hello", "err", "oops", "exit", "3"});
    EXPECT_EQ(said.exit_code, 3);
    EXPECT_EQ(said.out, "hello\n");
    EXPECT_EQ(said.err, "oops\n");
    const RunResult late =
        run({misbehave, "sleep-forever"},
            {.env = {}, .cwd = {}, .input = {}, .deadline = std::chrono::seconds(1)});
    EXPECT_EQ(late.exit_code, -1);
    Background background({misbehave, "say", "up", "sleep-forever"});
    EXPECT_TRUE(eventually([&] { return background.output() == "up\n"; }));
    background.signal(SIGTERM);
    EXPECT_EQ(background.wait(), 128 + SIGTERM);
}

TEST_F(World, APtyLooksLikeATerminal) {
    EXPECT_THAT(run_on_pty({"sh", "-c", "test -t 1 && stty size"}, 97).out, HasSubstr("24 97"));
}

TEST_F(World, HostsReachEachOtherUntilTheLinkIsCut) {
    HAB_REQUIRE(run({"ip", "-V"}).exit_code == 0, "iproute2 is not installed");
    const Hosts hosts(2);
    const auto ping = [&] {
        return run(hosts.on(0, {"ping", "-c1", "-W1", Hosts::address(1)})).exit_code == 0;
    };
    HAB_REQUIRE(run({"ping", "-V"}).exit_code == 0, "ping (iputils-ping) is not installed");
    EXPECT_TRUE(eventually(ping));
    hosts.set_link(1, false);
    EXPECT_FALSE(ping());
    run(hosts.on(1, {"touch", "/hab/mine"}));
    EXPECT_NE(run(hosts.on(0, {"ls", "/hab/mine"})).exit_code, 0);
    EXPECT_EQ(run(hosts.on(1, {"ls", "/hab/mine"})).exit_code, 0);
}

TEST_F(World, TheRelayLosesWhatItIsToldTo) {
    const UniqueFd target(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(target.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::getsockname(target.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    const Relay relay(ntohs(address.sin_port), {.loss_percent = 50, .seed = 3});
    address.sin_port = htons(static_cast<std::uint16_t>(relay.port()));
    for (int i = 0; i < 100; ++i) {
        ::sendto(target.get(), "x", 1, 0, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    std::uint64_t arrived = 0;
    const bool all = eventually([&] {
        char byte;
        while (::recv(target.get(), &byte, 1, MSG_DONTWAIT) == 1)
            ++arrived;
        return arrived + relay.lost() == 100;
    });
    EXPECT_TRUE(all) << arrived << " arrived, " << relay.lost() << " lost";
    EXPECT_GT(relay.lost(), 20u);
    EXPECT_GT(arrived, 20u);
}

}  // namespace
}  // namespace hab::test
