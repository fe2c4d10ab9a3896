// SPDX-License-Identifier: Apache-2.0
#include "launcher/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/packet_socket.hpp"

namespace hab::launcher {
namespace {

TEST(LauncherMessages, SpawnComesBackAsItWasSent) {
    Spawn spawn;
    spawn.request = 0x0102030405060708;
    spawn.id = "nginx";
    spawn.argv = {"/hab/svc/nginx/run", ""};
    spawn.env = {"PATH=/bin", "EMPTY="};
    spawn.cwd = "/hab/svc/nginx";
    spawn.switch_user = true;
    spawn.uid = 42;
    spawn.gid = 4294967294;
    spawn.groups = {1, 2, 3};
    spawn.open_files = 1ull << 40;
    spawn.control_groups = {"/sys/fs/cgroup/memory/x/cgroup.procs"};
    spawn.ready_fd = 7;
    const auto back = decode(encode(spawn));
    const auto& got = std::get<Spawn>(back);
    EXPECT_EQ(got.request, spawn.request);
    EXPECT_EQ(got.id, spawn.id);
    EXPECT_EQ(got.argv, spawn.argv);
    EXPECT_EQ(got.env, spawn.env);
    EXPECT_EQ(got.cwd, spawn.cwd);
    EXPECT_TRUE(got.switch_user);
    EXPECT_EQ(got.uid, spawn.uid);
    EXPECT_EQ(got.gid, spawn.gid);
    EXPECT_EQ(got.groups, spawn.groups);
    EXPECT_EQ(got.open_files, spawn.open_files);
    EXPECT_EQ(got.control_groups, spawn.control_groups);
    EXPECT_EQ(got.ready_fd, spawn.ready_fd);
}

TEST(LauncherMessages, EveryTypeKeepsItsPlaceOnTheWire) {
    // The numbers are a format: a supervisor and a launcher of different age must agree on them.
    EXPECT_EQ(encode(Hello{})[0], 0);
    EXPECT_EQ(encode(Spawn{})[0], 1);
    EXPECT_EQ(encode(Signal{})[0], 2);
    EXPECT_EQ(encode(Forget{})[0], 3);
    EXPECT_EQ(encode(Welcome{})[0], 4);
    EXPECT_EQ(encode(Known{})[0], 5);
    EXPECT_EQ(encode(Spawned{})[0], 6);
    EXPECT_EQ(encode(SpawnFailed{})[0], 7);
    EXPECT_EQ(encode(Exited{})[0], 8);
    EXPECT_EQ(encode(Shutdown{})[0], 9);
    EXPECT_EQ(encode(Remember{})[0], 10);
    EXPECT_EQ(encode(Ready{})[0], 11);
}

TEST(LauncherMessages, EveryCutIsRefused) {
    Spawn spawn;
    spawn.argv = {"a", "b"};
    spawn.groups = {7};
    for (const Message& message :
         {Message(spawn), Message(Known{"x", 1, 2, true, 0}), Message(SpawnFailed{1, "execute", 2}),
          Message(Remember{"tide", "text"})}) {
        const auto whole = encode(message);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_THROW((void)decode(std::string_view(whole).substr(0, size)), WireError) << size;
        }
        EXPECT_THROW((void)decode(whole + "x"), WireError);
    }
}

TEST(LauncherMessages, UnknownTypesAndWildCountsAreRefused) {
    WireWriter unknown;
    unknown.u32(99);
    EXPECT_THROW((void)decode(unknown.bytes()), WireError);
    WireWriter wild;
    wild.u32(1);
    wild.u64(1);
    wild.text("id");
    wild.u32(0xffffffff);  // that many arguments
    EXPECT_THROW((void)decode(wild.bytes()), WireError);
}

TEST(PacketSocket, CarriesDescriptorsAndKnowsTheEnd) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    UniqueFd left(ends[0]);
    const UniqueFd right(ends[1]);
    Packet packet;
    EXPECT_EQ(receive_packet(right.get(), packet), ReceiveResult::would_block);
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const UniqueFd read_end(pipe_ends[0]);
    UniqueFd write_end(pipe_ends[1]);
    ASSERT_TRUE(send_packet(left.get(), "hello", {read_end.get()}));
    ASSERT_EQ(receive_packet(right.get(), packet), ReceiveResult::packet);
    EXPECT_EQ(packet.bytes, "hello");
    ASSERT_EQ(packet.fds.size(), 1u);
    ASSERT_EQ(::write(write_end.get(), "x", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(packet.fds[0].get(), &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
    EXPECT_THROW((void)send_packet(left.get(), std::string(max_packet_bytes + 1, 'x')), WireError);
    left.reset();
    EXPECT_EQ(receive_packet(right.get(), packet), ReceiveResult::closed);
}

}  // namespace
}  // namespace hab::launcher
