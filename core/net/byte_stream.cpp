// SPDX-License-Identifier: Apache-2.0
#include "net/byte_stream.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "net/tls_stream.hpp"

namespace hab::net {

namespace {

namespace asio = boost::asio;
using Protocol = asio::generic::stream_protocol;  // TCP and unix sockets alike
using Code = boost::system::error_code;

std::string peer_name(const sockaddr_storage& name) {
    if (name.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(name);
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr)).to_string();
    }
    if (name.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(name);
        asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return asio::ip::address_v6(bytes).to_string();
    }
    return {};
}

class PlainStream final : public ByteStream {
public:
    PlainStream(asio::io_context& loop, UniqueFd fd) : socket_(loop) {
        sockaddr_storage name{};
        socklen_t length = sizeof name;
        if (::getpeername(fd.get(), reinterpret_cast<sockaddr*>(&name), &length) == 0)
            peer_ = peer_name(name);
        const bool is_tcp = name.ss_family == AF_INET || name.ss_family == AF_INET6;
        const int on = 1;
        // An event that follows another must not wait for its acknowledgement.
        if (is_tcp) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
        socket_.assign(Protocol(name.ss_family, is_tcp ? IPPROTO_TCP : 0), fd.release());
        Code ignored;
        socket_.non_blocking(true, ignored);
    }

    void read_some(std::span<char> into, Done done) override {
        socket_.async_read_some(
            asio::buffer(into.data(), into.size()),
            [done = std::move(done)](const Code& code, std::size_t count) {
                done(code == asio::error::eof ? std::error_code() : std::error_code(code), count);
            });
    }
    void write(std::array<std::string_view, 2> pieces, Done done) override {
        const std::array<asio::const_buffer, 2> buffers{asio::buffer(pieces[0]),
                                                        asio::buffer(pieces[1])};
        asio::async_write(
            socket_, buffers,
            [done = std::move(done)](const Code& code, std::size_t count) { done(code, count); });
    }
    void end_writing() noexcept override {
        Code ignored;
        socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    }
    void close() noexcept override {
        Code ignored;
        socket_.close(ignored);
    }
    [[nodiscard]] const std::string& peer() const noexcept override { return peer_; }
    [[nodiscard]] const std::string& tls_error() const noexcept override { return no_error_; }

private:
    Protocol::socket socket_;
    std::string peer_;
    std::string no_error_;
};

}  // namespace

std::unique_ptr<ByteStream> open_byte_stream(asio::io_context& loop, UniqueFd fd,
                                             const std::shared_ptr<TlsContext>& tls) {
    auto plain = std::make_unique<PlainStream>(loop, std::move(fd));
    if (!tls) return plain;
    return make_tls_stream(loop, std::move(plain), tls->new_session());
}

}  // namespace hab::net
