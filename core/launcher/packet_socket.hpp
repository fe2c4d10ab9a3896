// SPDX-License-Identifier: Apache-2.0
// One packet with descriptors over a SOCK_SEQPACKET unix socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"

namespace hab::launcher {

/// A packet as it arrived; the descriptors are close-on-exec and ours.
struct Packet {
    std::string bytes;
    std::vector<UniqueFd> fds;
};

/// More descriptors than this never travel with one packet.
inline constexpr std::size_t max_packet_fds = 3;
/// Larger packets do not fit the kernel's default socket buffer.
inline constexpr std::size_t max_packet_bytes = 200 * 1024;

/// True when it went out, false when the socket's buffer is full (non-blocking sockets) or the peer
/// is gone; throws WireError when the packet is larger than max_packet_bytes.
[[nodiscard]] bool send_packet(int socket, std::string_view bytes,
                               const std::vector<int>& fds = {});

enum class ReceiveResult { packet, would_block, closed };
/// Reads one packet. Throws WireError for a packet that was cut short.
[[nodiscard]] ReceiveResult receive_packet(int socket, Packet& packet);

}  // namespace hab::launcher
