// SPDX-License-Identifier: Apache-2.0
#include "launcher/packet_socket.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "launcher/wire.hpp"

namespace hab::launcher {
namespace {

union ControlBuffer {
    char bytes[CMSG_SPACE(sizeof(int) * max_packet_fds)];
    cmsghdr align;
};

void take_fds(msghdr& header, std::vector<UniqueFd>& fds) {
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
            fds.emplace_back(fd);
        }
    }
}

}  // namespace

bool send_packet(int socket, std::string_view bytes, const std::vector<int>& fds) {
    if (bytes.size() > max_packet_bytes || fds.size() > max_packet_fds) {
        throw WireError("a launcher message is larger than a packet may be");
    }
    iovec data{const_cast<char*>(bytes.data()), bytes.size()};
    ControlBuffer control{};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    if (!fds.empty()) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
        cmsghdr* c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
        std::memcpy(CMSG_DATA(c), fds.data(), sizeof(int) * fds.size());
    }
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

ReceiveResult receive_packet(int socket, Packet& packet) {
    packet.fds.clear();
    // The size first, so that a launcher at rest does not hold a buffer for the largest message.
    char probe = 0;
    ssize_t size = 0;
    do {
        size = ::recv(socket, &probe, sizeof probe, MSG_PEEK | MSG_TRUNC);
    } while (size < 0 && errno == EINTR);
    if (size < 0) return errno == EAGAIN ? ReceiveResult::would_block : ReceiveResult::closed;
    if (size == 0) return ReceiveResult::closed;
    if (static_cast<std::size_t>(size) > max_packet_bytes) {
        throw WireError("a launcher message is larger than a packet may be");
    }
    packet.bytes.assign(static_cast<std::size_t>(size), '\0');
    iovec data{packet.bytes.data(), packet.bytes.size()};
    ControlBuffer control{};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control.bytes;
    ssize_t got = 0;
    do {
        got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return errno == EAGAIN ? ReceiveResult::would_block : ReceiveResult::closed;
    }
    if (got == 0) return ReceiveResult::closed;
    take_fds(header, packet.fds);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        throw WireError("a launcher message was cut short");
    }
    packet.bytes.resize(static_cast<std::size_t>(got));
    return ReceiveResult::packet;
}

}  // namespace hab::launcher
