// SPDX-License-Identifier: Apache-2.0
// The control gateway over TLS, with the real client on real sockets.
#include <gmock/gmock.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "control/client.hpp"
#include "control/tls_files.hpp"
#include "supervisor/ctl_gateway.hpp"
#include "unit/net/raw_client.hpp"
#include "unit/supervisor/gateway_fakes.hpp"

namespace hab::supervisor {
namespace {

using control::Client;
using testing::HasSubstr;

class CtlTls : public testing::Test {
protected:
    CtlTls() { make("server"); }
    ~CtlTls() override {
        if (!thread_.joinable()) return;
        boost::asio::post(loop_, [this] {
            gateway_.reset();
            loop_.stop();
        });
        thread_.join();
    }
    void make(const std::string& file) {
        const auto pair = net::generate_tls_key_pair("127.0.0.1", 10);
        write_file_atomic(dir_.path() / (file + ".key.pem"), pair.key);
        write_file_atomic(dir_.path() / (file + ".crt.pem"), pair.certificate);
    }
    [[nodiscard]] fs::path pem(const std::string& name) const { return dir_.path() / name; }
    void serve(const fs::path& client_ca = {}) {
        const auto tls =
            net::open_tls_server({pem("server.key.pem"), pem("server.crt.pem"), client_ca});
        state_.list.push_back(std::make_shared<ServiceSnapshot>(test::nginx_snapshot()));
        gateway_ = std::make_unique<CtlGateway>(loop_, net::Endpoint{"127.0.0.1", 0, {}},
                                                CtlAccess::by_secret("s3cret", tls),
                                                CtlServices{commands_, state_, events_, clock_});
        address_ = gateway_->local();
        thread_ = std::thread([this] {
            const auto work = boost::asio::make_work_guard(loop_);
            loop_.run();
        });
    }
    /// Services in the answer to a status request, or why there is none.
    std::string status(const net::TlsClientFiles& files, const std::string& secret = "s3cret") {
        try {
            int seen = 0;
            Client client(address_, secret, std::chrono::seconds(20), net::open_tls_client(files));
            client.request(control::SvcStatus{}, [&](const control::Frame&) { ++seen; });
            return std::to_string(seen);
        } catch (const Error& error) {
            return error.message();
        }
    }

    TempDir dir_{"hab-ctl-tls"};
    FakeClock clock_;
    test::FakeState state_;
    test::FakeCommands commands_;
    EventStream events_{clock_};
    boost::asio::io_context loop_;
    std::unique_ptr<CtlGateway> gateway_;
    net::Endpoint address_;
    std::thread thread_;
};

TEST_F(CtlTls, AnswersWhoTrustsItAndKnowsTheSecret) {
    serve();
    EXPECT_EQ(status({pem("server.crt.pem"), "127.0.0.1", {}, {}}), "1");
    EXPECT_THAT(status({pem("server.crt.pem"), "127.0.0.1", {}, {}}, "guess!"),
                HasSubstr("secret key mismatch"));
}

TEST_F(CtlTls, IsNotTrustedWithAnotherCertificateOrName) {
    make("other");
    serve();
    EXPECT_THAT(status({pem("other.crt.pem"), "127.0.0.1", {}, {}}),
                HasSubstr("cannot trust the supervisor at 127.0.0.1:"));
    EXPECT_THAT(status({pem("server.crt.pem"), "example.org", {}, {}}),
                HasSubstr("cannot trust the supervisor at 127.0.0.1:"));
}

TEST_F(CtlTls, AsksForCertificatesOfClients) {
    make("client");
    serve(pem("client.crt.pem"));
    EXPECT_EQ(
        status({pem("server.crt.pem"), "127.0.0.1", pem("client.crt.pem"), pem("client.key.pem")}),
        "1");
    EXPECT_NE(status({pem("server.crt.pem"), "127.0.0.1", {}, {}}), "1");
}

TEST_F(CtlTls, WhoDoesNotSpeakItIsTurnedAway) {
    serve();
    EXPECT_THROW(Client(address_, "s3cret", std::chrono::seconds(20)), Error);
    net::test::RawClient raw(address_);
    raw.send(std::string(3000, 'x'));
    EXPECT_THAT(raw.read_all(), testing::Not(HasSubstr("NetOk")));
    EXPECT_EQ(status({pem("server.crt.pem"), "127.0.0.1", {}, {}}), "1") << "it goes on";
}

TEST_F(CtlTls, TheNewestFileOfADirectoryCounts) {
    fs::last_write_time(pem("server.crt.pem"),
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
    make("newer");
    EXPECT_EQ(control::newest_pem(dir_.path(), ".crt.pem"), pem("newer.crt.pem"));
    EXPECT_EQ(control::newest_pem(pem("server.crt.pem"), ".crt.pem"), pem("server.crt.pem"));
    const TempDir empty("hab-ctl-tls");
    try {
        (void)control::newest_pem(empty.path(), ".key.pem");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_EQ(error.message(),
                  "there is no file in " + empty.path().string() + " that ends in .key.pem");
    }
}

}  // namespace
}  // namespace hab::supervisor
