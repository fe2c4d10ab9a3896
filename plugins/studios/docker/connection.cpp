// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <hab/studio.hpp>

namespace docker_studio {
namespace {

constexpr std::size_t max_head = 64 * 1024;

[[noreturn]] void fail(const std::string& what) {
    hab::sdk::raise(HAB_STATUS_IO, "cannot talk to the engine: " + what);
}

}  // namespace

Connection::Connection(const std::string& socket, std::string_view target, bool upgrade) {
    try {
        connect(socket);
        // Version 1.0 without upgrade: the body is then not cut into chunks.
        std::string request = "POST " + std::string(target);
        request += upgrade ? " HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                           : " HTTP/1.0\r\nHost: engine\r\n";
        send(request + "Content-Length: 0\r\n\r\n");
        read_head(target);
    } catch (...) {
        ::close(fd_);
        throw;
    }
}

Connection::~Connection() {
    ::close(fd_);
}

void Connection::connect(const std::string& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof address.sun_path) fail("the path of its socket is too long");
    std::memcpy(address.sun_path, socket.c_str(), socket.size() + 1);
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail(std::strerror(errno));
}

void Connection::send(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) fail(std::strerror(errno));
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::size_t Connection::receive(char* into, std::size_t size) const {
    for (;;) {
        const ssize_t got = ::recv(fd_, into, size, 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) fail(std::strerror(errno));
    }
}

void Connection::read_head(std::string_view target) {
    std::string text;
    std::array<char, 4096> chunk{};
    auto end = std::string::npos;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
        const std::size_t got = receive(chunk.data(), chunk.size());
        if (got == 0 || text.size() > max_head) fail("it gave no answer to " + std::string(target));
        text.append(chunk.data(), got);
    }
    begun_ = text.substr(end + 4);
    // "HTTP/1.1 101 UPGRADED"
    const auto blank = text.find(' ');
    const std::string status = blank == std::string::npos ? "" : text.substr(blank + 1, 3);
    if (status == "101" || status == "200") return;
    fail("it answered " + std::string(target) + " with " + status + ": " + read_to_end());
}

std::string Connection::read_to_end() {
    std::string text = begun_;
    std::array<char, 4096> chunk{};
    for (std::size_t got = 0; (got = receive(chunk.data(), chunk.size())) != 0;)
        text.append(chunk.data(), got);
    return text;
}

}  // namespace docker_studio
