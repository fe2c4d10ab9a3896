// SPDX-License-Identifier: Apache-2.0
#include "control/client.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "net/listen_socket.hpp"

namespace hab::control {
namespace {

using testing::HasSubstr;

/// Plays a supervisor for one connection: sends prepared bytes after each frame it receives.
class ScriptedServer {
public:
    explicit ScriptedServer(std::vector<std::string> answers)
        : listener_(net::open_listen_socket({"127.0.0.1", 0, {}})),
          thread_([this, answers = std::move(answers)] { serve(answers); }) {}
    ~ScriptedServer() { thread_.join(); }

    [[nodiscard]] const net::Endpoint& address() const { return listener_.local; }
    /// Frames that arrived; call after the client is done.
    std::vector<Frame> frames;

private:
    void serve(const std::vector<std::string>& answers) {
        pollfd wait{listener_.fd.get(), POLLIN, 0};
        if (::poll(&wait, 1, 20'000) != 1) return;
        const UniqueFd peer(::accept4(listener_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
        FrameReader reader;
        std::array<char, 4096> buffer;
        for (const std::string& answer : answers) {
            std::optional<Frame> frame;
            while (!(frame = reader.next())) {
                const ssize_t count = ::recv(peer.get(), buffer.data(), buffer.size(), 0);
                if (count <= 0) return;
                reader.feed({buffer.data(), static_cast<std::size_t>(count)});
            }
            frames.push_back(*frame);
            (void)!::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }

    net::ListenSocket listener_;
    std::thread thread_;
};

template <typename Message>
std::string reply(const Message& message, std::uint32_t id, bool complete = true) {
    return encode_frame(
        {Transaction{id, true, complete}, std::string(Message::id), to_wire(message)});
}

const std::string welcome = reply(NetOk{}, 0);
const package::Ident redis{"core", "redis", "", ""};

Error failure_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error";
    return {ErrorCode::bug, ""};
}

TEST(Client, ShakesHandsThenAsksOnce) {
    ScriptedServer server({welcome, reply(NetOk{}, 1)});
    {
        Client client(server.address(), "s3cret");
        EXPECT_TRUE(client.request(SvcStart{redis}, {}));
    }
    ASSERT_EQ(server.frames.size(), 2u);
    EXPECT_EQ(server.frames[0].message_id, "Handshake");
    EXPECT_EQ(server.frames[0].transaction, (Transaction{0, false, true}));
    EXPECT_EQ(from_wire<Handshake>(server.frames[0].body).secret_key, "s3cret");
    EXPECT_EQ(server.frames[1].message_id, "SvcStart");
    EXPECT_EQ(server.frames[1].transaction->id, 1u);
}

TEST(Client, PassesOnTheStreamOfReplies) {
    const ScriptedServer server(
        {welcome, reply(ConsoleLine{"one\n", "", false}, 1, false) +
                      reply(NetProgress{10, 5}, 1, false) +
                      reply(ConsoleLine{"other transaction\n", "", false}, 9, false) +
                      reply(ConsoleLine{"two\n", "", false}, 1, false) + reply(NetOk{}, 1)});
    Client client(server.address(), "x");
    std::string text;
    client.request(SvcStart{redis}, [&](const Frame& frame) {
        if (frame.message_id == ConsoleLine::id) text += from_wire<ConsoleLine>(frame.body).line;
    });
    EXPECT_EQ(text, "one\ntwo\n");
}

TEST(Client, ThrowsWhatTheSupervisorSays) {
    const ScriptedServer server(
        {welcome,
         reply(NetErr{NetErrCode::not_found, "Service not loaded, core/redis", "load it"}, 1)});
    Client client(server.address(), "x");
    const Error error = failure_of([&] { client.request(SvcStart{redis}, {}); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_EQ(error.message(), "Service not loaded, core/redis");
    EXPECT_EQ(error.hint(), "load it");
}

TEST(Client, SaysThatTheSecretIsWrong) {
    const ScriptedServer server(
        {reply(NetErr{NetErrCode::unauthorized, "secret key mismatch", ""}, 0)});
    const Error error = failure_of([&] { Client(server.address(), "wrong"); });
    EXPECT_EQ(error.code(), ErrorCode::denied);
    EXPECT_EQ(error.message(), "cannot log in to the supervisor at " +
                                   server.address().to_string() + ": secret key mismatch");
    EXPECT_THAT(error.hint(), HasSubstr("CTL_SECRET"));
}

TEST(Client, SaysThatNobodyListens) {
    net::Endpoint gone;
    {
        gone = net::open_listen_socket({"127.0.0.1", 0, {}}).local;
    }
    const Error error = failure_of([&] { Client(gone, "x"); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_EQ(error.message(),
              "cannot reach a supervisor at " + gone.to_string() + ": Connection refused");
    EXPECT_THAT(error.hint(), HasSubstr("hab sup run"));
}

TEST(Client, SaysThatSomethingElseListens) {
    const ScriptedServer server({"HTTP/1.1 400 Bad Request\r\n\r\n"});
    const Error error = failure_of([&] { Client(server.address(), "x"); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("cannot read a frame of the control protocol"));
}

TEST(Client, DoesNotWaitForeverForTheHandshake) {
    const net::ListenSocket silent = net::open_listen_socket({"127.0.0.1", 0, {}});
    const Error error =
        failure_of([&] { Client(silent.local, "x", std::chrono::milliseconds(100)); });
    EXPECT_EQ(error.code(), ErrorCode::timeout);
}

TEST(Client, NoticesAnAnswerThatBreaksOff) {
    const ScriptedServer server({welcome, reply(ConsoleLine{"one\n", "", false}, 1, false)});
    Client client(server.address(), "x");
    const Error error = failure_of([&] { client.request(SvcStart{redis}, {}); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.message(), HasSubstr("closed the connection"));
}

TEST(Client, StopsWaitingWhenCancelled) {
    const ScriptedServer server({welcome, "", ""});
    std::array<int, 2> pipe_fds{};
    ASSERT_EQ(::pipe(pipe_fds.data()), 0);
    const UniqueFd read_end(pipe_fds[0]);
    UniqueFd write_end(pipe_fds[1]);
    Client client(server.address(), "x");
    write_end.reset();  // end of file makes the descriptor readable
    EXPECT_FALSE(client.request(LogFollow{}, {}, read_end.get()));
}

}  // namespace
}  // namespace hab::control
