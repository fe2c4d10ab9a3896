// SPDX-License-Identifier: Apache-2.0
#include "gossip/datagram_socket.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <exception>
#include <utility>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "gossip/address.hpp"
#include "ring/swim.hpp"

namespace hab::gossip {
namespace {

/// So many at a time, then the rest of the loop has its turn: a flood must not starve it.
constexpr int burst = 64;

UniqueFd open_socket(const ring::Endpoint& bind) {
    const auto fail = [&] {
        const int error = errno;
        const std::string tried =
            fmt::format("cannot listen for gossip datagrams on {}", bind.to_string());
        if (error == EADDRINUSE) {
            throw Error(ErrorCode::conflict, fmt::format("{}: the port is in use", tried),
                        "another supervisor may be running; choose another address with "
                        "--listen-gossip");
        }
        throw Error::from_errno(tried, error);
    };
    const int family = family_of(bind);
    UniqueFd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) fail();
    const int off = 0;
    if (family == AF_INET6 &&
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
        fail();
    const SocketAddress address = to_system(bind, family);
    if (::bind(fd.get(), address.get(), address.size) != 0) fail();
    return fd;
}

}  // namespace

struct DatagramSocket::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& loop, UniqueFd fd, int address_family, Handler on_datagram)
        : socket(loop, fd.release()), family(address_family), handler(std::move(on_datagram)) {}

    void wait() {
        socket.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                          [weak = weak_from_this()](const boost::system::error_code& error) {
                              const auto self = weak.lock();
                              if (error || !self || !self->open) return;
                              // Whatever a handler throws, the socket is read on.
                              try {
                                  self->receive();
                              } catch (const std::exception&) {
                                  if (self->open) self->wait();
                                  throw;
                              }
                              if (self->open) self->wait();
                          });
    }

    void receive() {
        // One byte more than may be: what fills it is too long.
        std::array<char, ring::max_datagram + 1> buffer;
        for (int i = 0; i < burst && open; ++i) {
            SocketAddress from;
            const ssize_t size = ::recvfrom(socket.native_handle(), buffer.data(), buffer.size(), 0,
                                            from.get(), &from.size);
            // Besides EAGAIN: what ICMP said of an earlier datagram, which nobody needs to know.
            if (size < 0) return;
            ++counts.received;
            const auto length = static_cast<std::size_t>(size);
            if (length > ring::max_datagram) {
                ++counts.oversized;
                continue;
            }
            handler(from_system(from), {buffer.data(), length});
        }
    }

    boost::asio::posix::stream_descriptor socket;
    int family;
    Handler handler;
    Counts counts;
    bool open = true;
};

DatagramSocket::DatagramSocket(boost::asio::io_context& loop, const ring::Endpoint& bind,
                               Handler handler)
    : state_(
          std::make_shared<State>(loop, open_socket(bind), family_of(bind), std::move(handler))) {
    state_->wait();
}

DatagramSocket::~DatagramSocket() {
    state_->open = false;
    boost::system::error_code ignored;
    state_->socket.close(ignored);
}

ring::Endpoint DatagramSocket::local() const {
    SocketAddress address;
    if (::getsockname(state_->socket.native_handle(), address.get(), &address.size) != 0)
        throw Error::from_errno("cannot ask for the address of the gossip socket");
    return from_system(address);
}

void DatagramSocket::send(const ring::Endpoint& to, std::string_view bytes) noexcept {
    const SocketAddress address = to_system(to, state_->family);
    const bool reachable = state_->family == AF_INET6 || to.ip.is_v4();
    if (!reachable || ::sendto(state_->socket.native_handle(), bytes.data(), bytes.size(),
                               MSG_NOSIGNAL, address.get(), address.size) < 0)
        ++state_->counts.unsent;
}

const DatagramSocket::Counts& DatagramSocket::counts() const noexcept {
    return state_->counts;
}

}  // namespace hab::gossip
