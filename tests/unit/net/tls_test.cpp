// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "net/byte_stream.hpp"
#include "unit/net/raw_client.hpp"
#include "unit/net/server_thread.hpp"

namespace hab::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using State = TlsSession::State;

class Tls : public testing::Test {
protected:
    struct Files {
        std::filesystem::path key, certificate;
    };
    Files make(const std::string& file, const std::string& name, int days = 10) {
        const auto pair = generate_tls_key_pair(name, days);
        Files files{dir_.path() / (file + ".key"), dir_.path() / (file + ".pem")};
        write_file_atomic(files.key, pair.key);
        write_file_atomic(files.certificate, pair.certificate);
        return files;
    }
    std::filesystem::path file(const std::string& name, const std::string& text) {
        write_file_atomic(dir_.path() / name, text);
        return dir_.path() / name;
    }
    /// Carries bytes to and fro until neither side has any.
    static void talk(TlsSession& one, TlsSession& other, std::string& to_one,
                     std::string& to_other) {
        for (int idle = 0; idle < 2;) {
            const std::string a = one.take_wire();
            const std::string b = other.take_wire();
            idle = a.empty() && b.empty() ? idle + 1 : 0;
            if (!a.empty()) other.received(a, to_other);
            if (!b.empty()) one.received(b, to_one);
        }
    }
    static Error refusal(const std::function<void()>& open) {
        try {
            open();
        } catch (const Error& error) {
            return error;
        }
        return {ErrorCode::bug, "nothing was refused"};
    }

    TempDir dir_{"tls-"};
};

TEST_F(Tls, CarriesBytesBothWays) {
    const auto files = make("server", "localhost");
    const auto server = open_tls_server({files.key, files.certificate, {}})->new_session();
    const auto client = open_tls_client({files.certificate, "localhost", {}, {}})->new_session();
    std::string to_client, to_server;
    talk(*client, *server, to_client, to_server);
    ASSERT_EQ(client->state(), State::open) << client->error();
    ASSERT_EQ(server->state(), State::open) << server->error();
    client->send("ping");
    server->send(std::string(300'000, 'p'));
    talk(*client, *server, to_client, to_server);
    EXPECT_EQ(to_server, "ping");
    EXPECT_EQ(to_client, std::string(300'000, 'p'));
    client->finish();
    talk(*client, *server, to_client, to_server);
    EXPECT_EQ(server->state(), State::closed);
}

TEST_F(Tls, NamesAreChecked) {
    const auto files = make("server", "127.0.0.1");
    const auto context = open_tls_server({files.key, files.certificate, {}});
    for (const auto& [name, good] : std::vector<std::pair<std::string, bool>>{
             {"127.0.0.1", true}, {"127.0.0.2", false}, {"localhost", false}}) {
        const auto server = context->new_session();
        const auto client = open_tls_client({files.certificate, name, {}, {}})->new_session();
        std::string to_client, to_server;
        talk(*client, *server, to_client, to_server);
        EXPECT_EQ(client->state() == State::open, good) << name;
        if (!good) {
            EXPECT_THAT(client->error(), HasSubstr("mismatch")) << name;
        }
    }
}

TEST_F(Tls, AClientMustShowACertificateOfTheRightSigner) {
    const auto files = make("server", "localhost");
    const auto friendly = make("friend", "friend");
    const auto stranger = make("stranger", "stranger");
    const auto context = open_tls_server({files.key, files.certificate, friendly.certificate});
    const auto state_with = [&](const Files& own) {
        const auto server = context->new_session();
        const auto client =
            open_tls_client({files.certificate, "localhost", own.certificate, own.key})
                ->new_session();
        std::string to_client, to_server;
        talk(*client, *server, to_client, to_server);
        return server->state();
    };
    EXPECT_EQ(state_with(friendly), State::open);
    EXPECT_EQ(state_with(stranger), State::failed);
    EXPECT_EQ(state_with({}), State::failed);
}

TEST_F(Tls, GarbageFailsTheSessionAndNothingElse) {
    const auto files = make("server", "localhost");
    const auto context = open_tls_server({files.key, files.certificate, {}});
    const auto server = context->new_session();
    std::string plain;
    EXPECT_EQ(server->received("GET / HTTP/1.1\r\n\r\n", plain), State::failed);
    EXPECT_THAT(server->error(), HasSubstr("http request"));
    EXPECT_EQ(server->received("more", plain), State::failed);
    EXPECT_EQ(plain, "");
    const auto client = open_tls_client({files.certificate, "localhost", {}, {}})->new_session();
    const auto next = context->new_session();
    std::string to_client;
    talk(*client, *next, to_client, plain);
    EXPECT_EQ(next->state(), State::open);
}

TEST_F(Tls, RefusesFilesInOneSentenceThatNamesThem) {
    const auto good = make("good", "localhost");
    const auto other = make("other", "localhost");
    const auto expired = make("expired", "localhost", 0);
    const auto text = file("text", "hello\n");
    const auto missing = dir_.path() / "missing";
    const auto open = [&](const std::filesystem::path& key, const std::filesystem::path& cert,
                          const std::filesystem::path& ca = {}) {
        return refusal([&] { (void)open_tls_server({key, cert, ca}); });
    };
    EXPECT_EQ(open(missing, good.certificate).code(), ErrorCode::not_found);
    EXPECT_THAT(open(missing, good.certificate).message(), HasSubstr(missing.string()));
    EXPECT_THAT(open(text, good.certificate).message(),
                StartsWith("cannot use " + text.string() + ": it holds no private key"));
    EXPECT_THAT(open(good.key, text).message(),
                StartsWith("cannot use " + text.string() + ": it holds no certificate"));
    EXPECT_THAT(open(good.key, good.certificate, text).message(), HasSubstr(text.string()));
    EXPECT_EQ(open(other.key, good.certificate).message(),
              "cannot use " + other.key.string() +
                  ": it is not the key of the first certificate in " + good.certificate.string());
    EXPECT_THAT(open(expired.key, expired.certificate).message(),
                HasSubstr(expired.certificate.string() + ": its certificate expired on 20"));
    const auto cut = file("cut", read_file(good.certificate).substr(0, 200));
    EXPECT_THAT(open(good.key, cut).message(), HasSubstr(cut.string()));
    const auto twice = file("twice", read_file(good.certificate) + read_file(cut));
    EXPECT_THAT(open(good.key, twice).message(), HasSubstr("a certificate in it is broken"));
}

TEST_F(Tls, ANameIsOneName) {
    const auto files = make("server", "a.example,DNS:b.example");
    const auto context = open_tls_server({files.key, files.certificate, {}});
    const auto server = context->new_session();
    const auto client = open_tls_client({files.certificate, "b.example", {}, {}})->new_session();
    std::string to_client, to_server;
    talk(*client, *server, to_client, to_server);
    EXPECT_EQ(client->state(), State::failed);
    EXPECT_EQ(refusal([] { (void)generate_tls_key_pair("", 1); }).code(), ErrorCode::invalid_input);
}

/// Sends a request over TLS and returns everything until the end.
class LoopClient {
public:
    LoopClient(const Endpoint& address, std::shared_ptr<TlsContext> tls) {
        UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_port = htons(address.port);
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
        stream_ = open_byte_stream(loop_, std::move(fd), tls);
    }
    std::string ask(std::string_view request) {
        stream_->write({request, {}}, [](const std::error_code&, std::size_t) {});
        read();
        loop_.run();
        return answer_;
    }
    [[nodiscard]] const std::error_code& error() const { return error_; }

private:
    void read() {
        stream_->read_some(buffer_, [this](const std::error_code& code, std::size_t count) {
            error_ = code;
            if (code || count == 0) return;
            answer_.append(buffer_.data(), count);
            read();
        });
    }

    boost::asio::io_context loop_;
    std::unique_ptr<ByteStream> stream_;
    std::array<char, 1000> buffer_{};
    std::string answer_;
    std::error_code error_;
};

TEST_F(Tls, AServerSpeaksIt) {
    const auto files = make("server", "localhost");
    const std::string big(1'000'000, 'b');
    const test::ServerThread server(
        [&](const HttpServerRequest&) { return HttpServerResponse::text(200, big); }, {},
        {"127.0.0.1", 0, {}}, open_tls_server({files.key, files.certificate, {}}));
    LoopClient client(server.local(), open_tls_client({files.certificate, "localhost", {}, {}}));
    const auto answer = client.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + big));
    EXPECT_FALSE(client.error());  // a goodbye, not just an end

    test::RawClient plain(server.local());
    plain.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(plain.read_all(), Not(HasSubstr("HTTP/1.1")));
}

/// Asks over TLS, reads the first bytes of the answer and then nothing more.
class StuckClient {
public:
    StuckClient(const Endpoint& address, TlsContext& tls) : tls_(tls.new_session()) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_port = htons(address.port);
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
        const timeval patience{20, 0};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        send();
        while (tls_->state() == State::handshake && receive())
            send();
        tls_->send("GET / HTTP/1.1\r\n\r\n");
        send();
        while (seen_.empty() && receive()) {
        }
    }
    [[nodiscard]] const std::string& seen() const { return seen_; }

private:
    void send() {
        const std::string wire = tls_->take_wire();
        EXPECT_EQ(::send(fd_.get(), wire.data(), wire.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(wire.size()));
    }
    bool receive() {
        std::array<char, 2000> bytes;
        const ssize_t count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
        if (count > 0) tls_->received({bytes.data(), static_cast<std::size_t>(count)}, seen_);
        return count > 0;
    }

    UniqueFd fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::unique_ptr<TlsSession> tls_;
    std::string seen_;
};

TEST_F(Tls, WhoReadsALargeAnswerTooSlowlyGivesItsPlaceBack) {
    const auto files = make("server", "localhost");
    // More than the kernel takes for a reader that is stuck.
    const auto big = std::make_shared<const std::string>(std::size_t{32} << 20, 'b');
    HttpServerLimits limits;
    limits.connections = 1;
    limits.idle = std::chrono::milliseconds(2000);
    const test::ServerThread server(
        [&](const HttpServerRequest& request) {
            HttpServerResponse response;
            if (request.path == "/") response.body = big;
            return response;
        },
        limits, {"127.0.0.1", 0, {}}, open_tls_server({files.key, files.certificate, {}}));
    const auto tls = open_tls_client({files.certificate, "localhost", {}, {}});
    const StuckClient stuck(server.local(), *tls);
    EXPECT_THAT(stuck.seen(), StartsWith("HTTP/1.1 200 OK\r\n"));
    LoopClient next(server.local(), tls);  // waits in the kernel's queue until the place is free
    EXPECT_THAT(next.ask("GET /small HTTP/1.1\r\nConnection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 200 OK\r\n"));
}

}  // namespace
}  // namespace hab::net
