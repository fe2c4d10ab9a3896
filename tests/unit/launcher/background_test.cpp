// SPDX-License-Identifier: Apache-2.0
#include "launcher/background.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace hab::launcher {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Background, TellsTheServiceManagerWhoIsUp) {
    const std::string name = "@hab-notify-" + std::to_string(::getpid());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data() + 1, name.size() - 1);
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    tell_ready(name);
    char text[128];
    const ssize_t got = ::recv(socket.get(), text, sizeof text, MSG_DONTWAIT);
    ASSERT_GT(got, 0);
    EXPECT_EQ(std::string(text, static_cast<std::size_t>(got)),
              "READY=1\nMAINPID=" + std::to_string(::getpid()));
}

TEST(Background, SaysWhenTheNameOfTheServiceManagersSocketIsTooLong) {
    const std::string name = "/run/" + std::string(120, 'x');
    ::testing::internal::CaptureStderr();
    tell_ready(name);
    const auto said = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, StartsWith("hab-launch(LR): cannot tell " + name));
    EXPECT_THAT(said, HasSubstr("a socket's name has at most 107 bytes"));
}

}  // namespace
}  // namespace hab::launcher
