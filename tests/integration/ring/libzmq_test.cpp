// SPDX-License-Identifier: Apache-2.0
// Our gossip sockets with real libzmq at the other end, set as a stock supervisor sets it.
#include <gmock/gmock.h>
#include <poll.h>
#include <zmq.h>

#include <future>
#include <map>
#include <memory>

#include "gossip/stream_acceptor.hpp"
#include "gossip/stream_pool.hpp"
#include "integration/ring/loop.hpp"
#include "ring/zmtp/session.hpp"
#include "support/world.hpp"

#ifdef __SANITIZE_THREAD__
/// The library is not built for the sanitizer, which takes its own queues for races.
extern "C" const char* __tsan_default_suppressions() {
    return "race:libzmq.so\ncalled_from_lib:libzmq.so\n";
}
#endif

namespace hab::test {
namespace {

struct CloseZmq {
    void operator()(void* socket) const { ::zmq_close(socket); }
};
struct EndZmq {
    void operator()(void* context) const { ::zmq_ctx_term(context); }
};
using ZmqSocket = std::unique_ptr<void, CloseZmq>;

std::vector<std::string> some_messages() {
    std::vector<std::string> messages = {"", "A", std::string(255, 'b'), std::string(256, 'c'),
                                         std::string(200000, 'd')};
    for (int i = 0; i < 500; ++i)
        messages.push_back("message " + std::to_string(i));
    return messages;
}

class Libzmq : public WorldTest {
protected:
    ZmqSocket socket(int type) {
        ZmqSocket made(::zmq_socket(context_.get(), type));
        const auto set = [&](int option, int value) {
            EXPECT_EQ(::zmq_setsockopt(made.get(), option, &value, sizeof value), 0);
        };
        set(ZMQ_LINGER, type == ZMQ_PUSH ? 1000 : 0);
        set(ZMQ_TCP_KEEPALIVE, 0);
        if (type == ZMQ_PUSH) {
            set(ZMQ_IMMEDIATE, 1);
            set(ZMQ_SNDHWM, 1000);
            set(ZMQ_SNDTIMEO, 20000);
        } else {
            set(ZMQ_RCVTIMEO, 20000);
        }
        return made;
    }
    static std::string bound_pull(void* pull) {
        EXPECT_EQ(::zmq_bind(pull, "tcp://127.0.0.1:*"), 0);
        char name[64];
        std::size_t size = sizeof name;
        EXPECT_EQ(::zmq_getsockopt(pull, ZMQ_LAST_ENDPOINT, name, &size), 0);
        return name;
    }
    static ring::Endpoint endpoint(const std::string& name) {
        const auto port = std::stoul(name.substr(name.rfind(':') + 1));
        return {loopback, static_cast<std::uint16_t>(port)};
    }
    static std::string receive(void* pull) {
        std::string buffer(300000, '\0');
        const int size = ::zmq_recv(pull, buffer.data(), buffer.size(), 0);
        EXPECT_GE(size, 0) << ::zmq_strerror(::zmq_errno());
        buffer.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return buffer;
    }

    std::unique_ptr<void, EndZmq> context_{::zmq_ctx_new()};
    boost::asio::io_context loop_;
};

TEST_F(Libzmq, PushesToOurAcceptor) {
    std::vector<std::string> taken;
    gossip::StreamAcceptor acceptor(loop_, anywhere,
                                    [&](const ring::Endpoint& from, std::string_view message) {
                                        EXPECT_EQ(from.ip, loopback);
                                        taken.emplace_back(message);
                                    });
    const auto messages = some_messages();
    const ZmqSocket push = socket(ZMQ_PUSH);
    const std::string to = "tcp://127.0.0.1:" + std::to_string(acceptor.local().port);
    ASSERT_EQ(::zmq_connect(push.get(), to.c_str()), 0);
    const auto sending = std::async(std::launch::async, [&] {
        for (const std::string& message : messages)
            EXPECT_EQ(::zmq_send(push.get(), message.data(), message.size(), 0),
                      static_cast<int>(message.size()));
    });
    EXPECT_TRUE(run_until(loop_, [&] { return taken.size() >= messages.size(); }));
    sending.wait();
    EXPECT_EQ(taken, messages);
    EXPECT_EQ(acceptor.counts().broken, 0u);
}

TEST_F(Libzmq, PartsOfOneMessageAreMessages) {
    std::vector<std::string> taken;
    gossip::StreamAcceptor acceptor(
        loop_, anywhere,
        [&](const ring::Endpoint&, std::string_view message) { taken.emplace_back(message); });
    const ZmqSocket push = socket(ZMQ_PUSH);
    const std::string to = "tcp://127.0.0.1:" + std::to_string(acceptor.local().port);
    ASSERT_EQ(::zmq_connect(push.get(), to.c_str()), 0);
    const auto sending = std::async(std::launch::async, [&] {
        EXPECT_EQ(::zmq_send(push.get(), "a", 1, ZMQ_SNDMORE), 1);
        EXPECT_EQ(::zmq_send(push.get(), "b", 1, 0), 1);
    });
    EXPECT_TRUE(run_until(loop_, [&] { return taken.size() >= 2; }));
    sending.wait();
    EXPECT_THAT(taken, ::testing::ElementsAre("a", "b"));
}

TEST_F(Libzmq, PullsFromOurPoolOverOneConnection) {
    std::map<std::uint64_t, std::pair<std::size_t, bool>> done;
    gossip::StreamPool pool(
        loop_, [&](std::uint64_t order, std::size_t sent, bool ok) { done[order] = {sent, ok}; });
    const ZmqSocket pull = socket(ZMQ_PULL);
    const ring::Endpoint to = endpoint(bound_pull(pull.get()));
    const auto messages = some_messages();
    for (std::uint64_t order = 1; order <= 3; ++order) {
        pool.send(order, to, messages);
        ASSERT_TRUE(run_until(loop_, [&] { return done.contains(order); }));
        EXPECT_EQ(done[order], (std::pair{messages.size(), true}));
    }
    for (int i = 0; i < 3; ++i) {
        for (const std::string& message : messages)
            ASSERT_EQ(receive(pull.get()), message);
    }
    EXPECT_EQ(pool.counts().connected, 1u);
    EXPECT_EQ(pool.connections(), 1u) << "kept for the next order";
}

TEST_F(Libzmq, PullsWhatComesByteByByte) {
    const ZmqSocket pull = socket(ZMQ_PULL);
    const UniqueFd fd = connect_to(endpoint(bound_pull(pull.get())));
    ring::ZmtpSession session(ring::ZmtpRole::push, 0);
    const auto dribble = [&] {
        for (const char byte : session.take_output())
            say(fd, {&byte, 1});
    };
    dribble();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!session.established() && std::chrono::steady_clock::now() < deadline) {
        pollfd waiting{fd.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 100) != 1) continue;
        char bytes[256];
        const ssize_t size = ::recv(fd.get(), bytes, sizeof bytes, 0);
        ASSERT_GT(size, 0) << "libzmq hung up";
        session.feed({bytes, static_cast<std::size_t>(size)});
        std::string_view none;
        EXPECT_FALSE(session.next(none));
    }
    ASSERT_TRUE(session.established()) << session.failure();
    session.push("short");
    session.push(std::string(300, 'x'));
    dribble();
    EXPECT_EQ(receive(pull.get()), "short");
    EXPECT_EQ(receive(pull.get()), std::string(300, 'x'));
}

TEST_F(Libzmq, OfAnotherKindIsRefused) {
    gossip::StreamAcceptor acceptor(loop_, anywhere, [](const ring::Endpoint&, std::string_view) {
        ADD_FAILURE() << "a message from a socket that is no PUSH";
    });
    const ZmqSocket other = socket(ZMQ_DEALER);
    const std::string to = "tcp://127.0.0.1:" + std::to_string(acceptor.local().port);
    ASSERT_EQ(::zmq_connect(other.get(), to.c_str()), 0);
    // Either end may be the one that hangs up.
    EXPECT_TRUE(run_until(
        loop_, [&] { return acceptor.counts().accepted == 1 && acceptor.connections() == 0; }));
}

}  // namespace
}  // namespace hab::test
