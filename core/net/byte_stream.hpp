// SPDX-License-Identifier: Apache-2.0
// A connection on the event loop - TCP, a unix socket, TLS over either - behind one face, so that
// servers do not care which it is.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "base/unique_fd.hpp"
#include "net/tls.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): theirs
}

namespace hab::net {

/// Loop only. One read and one write may be under way at a time; they do not disturb each other.
/// Callbacks come from the loop, never from within the call; the caller keeps this object and the
/// memory alive until then (close() first and the callbacks come soon, with an error).
class ByteStream {
public:
    /// The end of the stream is no error and a count of 0.
    using Done = std::function<void(const std::error_code& error, std::size_t count)>;
    virtual ~ByteStream() = default;

    /// At least one byte, at most into.size() of them. With TLS the first read or write makes the
    /// handshake.
    virtual void read_some(std::span<char> into, Done done) = 0;
    /// All of these bytes, in this order, as if they were one text.
    virtual void write(std::array<std::string_view, 2> pieces, Done done) = 0;
    /// Nothing more will be written; reading goes on.
    virtual void end_writing() noexcept = 0;
    /// Ends everything at once; idempotent.
    virtual void close() noexcept = 0;
    /// Address of the peer, for logs; "" on a unix socket.
    [[nodiscard]] virtual const std::string& peer() const noexcept = 0;
    /// Why TLS failed, or empty.
    [[nodiscard]] virtual const std::string& tls_error() const noexcept = 0;
};

/// `fd`: a connected or accepted stream socket; becomes non-blocking. `tls`: null for plain bytes.
[[nodiscard]] std::unique_ptr<ByteStream> open_byte_stream(boost::asio::io_context& loop,
                                                           UniqueFd fd,
                                                           const std::shared_ptr<TlsContext>& tls);

}  // namespace hab::net
