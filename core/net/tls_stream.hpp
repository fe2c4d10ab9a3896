// SPDX-License-Identifier: Apache-2.0
// TLS over another stream of bytes. Private to net/: others call open_byte_stream().
#pragma once

#include "net/byte_stream.hpp"

namespace hab::net {

[[nodiscard]] std::unique_ptr<ByteStream> make_tls_stream(boost::asio::io_context& loop,
                                                          std::unique_ptr<ByteStream> raw,
                                                          std::unique_ptr<TlsSession> session);

}  // namespace hab::net
