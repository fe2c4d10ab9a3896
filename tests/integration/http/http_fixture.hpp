// SPDX-License-Identifier: Apache-2.0
// The HTTP gateway of a real supervisor, and clients without manners.
#pragma once

#include "base/unique_fd.hpp"
#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {

class HttpTest : public GatewayTest {
protected:
    /// Port of the gateway.
    [[nodiscard]] static int port();
};

/// A connection that does what it is told, and waits no longer than 20 s for anything.
class RudeClient {
public:
    explicit RudeClient(int port);
    /// False when the peer has closed.
    bool send(std::string_view bytes) const;
    void end_sending() const;
    /// What comes until the server closes; the time limit is a failure of the test.
    [[nodiscard]] std::string read_all() const;
    /// What comes until `needle` is in it, or the server closes.
    [[nodiscard]] std::string read_until(std::string_view needle) const;

private:
    UniqueFd fd_;
};

}  // namespace hab::test
