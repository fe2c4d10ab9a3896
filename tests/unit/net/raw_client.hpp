// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"

namespace hab::net::test {

/// A TCP client without manners: sends any bytes and reads whatever comes back.
class RawClient {
public:
    explicit RawClient(const Endpoint& address);
    void send(std::string_view bytes);
    /// Tells the server that nothing more will come.
    void end();
    /// Until the server closes the connection or 20 s pass.
    std::string read_all();
    /// Until `needle` has arrived, the server closes, or 20 s pass.
    std::string read_until(std::string_view needle);

private:
    UniqueFd fd_;
};

}  // namespace hab::net::test
