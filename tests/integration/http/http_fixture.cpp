// SPDX-License-Identifier: Apache-2.0
#include "integration/http/http_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

#include "base/json.hpp"

namespace hab::test {

int HttpTest::port() {
    const Value listen = parse_json(read("/hab/sup/default/listen.json"), "listen.json");
    const std::string& address = *listen.at_path("http_gateway")->as_string();
    return std::stoi(address.substr(address.rfind(':') + 1));
}

RudeClient::RudeClient(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<std::uint16_t>(port));
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    const timeval limit{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool RudeClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void RudeClient::end_sending() const {
    ::shutdown(fd_.get(), SHUT_WR);
}

std::string RudeClient::read_until(std::string_view needle) const {
    std::string all;
    std::array<char, 16 * 1024> buffer;
    while (needle.empty() || all.find(needle) == std::string::npos) {
        const auto count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
        if (count < 0) {
            EXPECT_EQ(errno, ECONNRESET) << "no answer in 20 s";
        }
        if (count <= 0) break;
        all.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return all;
}

std::string RudeClient::read_all() const {
    return read_until({});
}

}  // namespace hab::test
