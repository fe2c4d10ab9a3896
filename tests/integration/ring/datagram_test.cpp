// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <stdexcept>

#include "base/error.hpp"
#include "gossip/datagram_socket.hpp"
#include "integration/ring/loop.hpp"
#include "ring/swim.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

class Datagrams : public WorldTest {
protected:
    gossip::DatagramSocket::Handler collect() {
        return [this](const ring::Endpoint& from, std::string_view bytes) {
            from_ = from;
            taken_.emplace_back(bytes);
        };
    }
    boost::asio::io_context loop_;
    std::vector<std::string> taken_;
    ring::Endpoint from_;
};

TEST_F(Datagrams, ArriveWithTheirSenderUpToTheLimit) {
    gossip::DatagramSocket to(loop_, anywhere, collect());
    gossip::DatagramSocket from(loop_, anywhere, collect());
    from.send(to.local(), std::string(ring::max_datagram + 1, 'x'));
    from.send(to.local(), std::string(ring::max_datagram, 'y'));
    from.send(to.local(), "");
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() == 2; }));
    EXPECT_THAT(taken_, ::testing::ElementsAre(std::string(ring::max_datagram, 'y'), ""));
    EXPECT_EQ(from_, from.local());
    EXPECT_EQ(to.counts().oversized, 1u);
}

TEST_F(Datagrams, AFloodLeavesTheLoopItsOtherWork) {
    gossip::DatagramSocket to(loop_, anywhere, collect());
    gossip::DatagramSocket from(loop_, anywhere, collect());
    for (int i = 0; i < 150; ++i)
        from.send(to.local(), "flood");
    std::size_t seen = 0;
    ASSERT_TRUE(run_until(loop_, [&] { return !taken_.empty(); }));
    seen = taken_.size();
    EXPECT_LE(seen, 64u) << "so many in one turn";
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() + from.counts().unsent == 150; }));
}

TEST_F(Datagrams, AreReadOnAfterAHandlerThatThrows) {
    std::size_t calls = 0;
    gossip::DatagramSocket to(loop_, anywhere, [&](const ring::Endpoint&, std::string_view) {
        if (++calls == 1) throw std::out_of_range("of the first");
    });
    gossip::DatagramSocket from(loop_, anywhere, collect());
    from.send(to.local(), "first");
    EXPECT_THROW((void)run_until(loop_, [&] { return calls > 1; }), std::out_of_range);
    from.send(to.local(), "second");
    EXPECT_TRUE(run_until(loop_, [&] { return calls == 2; }));
}

TEST_F(Datagrams, NobodyThereHurtsNobody) {
    gossip::DatagramSocket from(loop_, anywhere, collect());
    gossip::DatagramSocket to(loop_, anywhere, collect());
    from.send({loopback, 1}, "refused by the kernel");
    from.send({ring::IpAddress::parse("fd00::1").value(), 1}, "not from this family");
    from.send(to.local(), "still");
    EXPECT_TRUE(run_until(loop_, [&] { return !taken_.empty(); }));
    EXPECT_EQ(from.counts().unsent, 1u);
}

TEST_F(Datagrams, APortThatIsTakenIsSaid) {
    gossip::DatagramSocket one(loop_, anywhere, collect());
    try {
        gossip::DatagramSocket two(loop_, one.local(), collect());
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_THAT(error.message(), ::testing::HasSubstr("the port is in use"));
    }
}

TEST_F(Datagrams, OneSocketSpeaksBothFamilies) {
    gossip::DatagramSocket both(loop_, {}, collect());
    gossip::DatagramSocket four(loop_, anywhere, collect());
    four.send({loopback, both.local().port}, "to six");
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() == 1; }));
    EXPECT_EQ(from_, four.local()) << "IPv4 is IPv4 whatever the socket";
    both.send(four.local(), "to four");
    EXPECT_TRUE(run_until(loop_, [&] { return taken_.size() == 2; }));
}

}  // namespace
}  // namespace hab::test
