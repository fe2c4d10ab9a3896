// SPDX-License-Identifier: Apache-2.0
// The gateway over TLS, with curl as the client.
#include <fmt/format.h>

#include "integration/http/http_fixture.hpp"
#include "net/tls.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

class HttpTls : public HttpTest {
protected:
    void SetUp() override {
        HttpTest::SetUp();
        if (IsSkipped()) return;
        make("server", "localhost", 5);
        make("client", "client", 5);
        make("stranger", "stranger", 5);
        make("expired", "localhost", 0);
    }
    static void make(const std::string& name, const std::string& subject, int days) {
        const auto pair = net::generate_tls_key_pair(subject, days);
        write("/hab/tls/" + name + ".key", pair.key);
        write("/hab/tls/" + name + ".pem", pair.certificate);
    }
    [[nodiscard]] static RunResult curl(std::vector<std::string> words) {
        std::vector<std::string> argv{"curl", "-sS",      "--max-time",
                                      "20",   "--cacert", "/hab/tls/server.pem"};
        argv.insert(argv.end(), words.begin(), words.end());
        argv.push_back(fmt::format("https://localhost:{}/services", port()));
        return run(argv);
    }
    /// What the supervisor says that is to run with these files, and how it ends.
    std::string refusal(std::vector<std::string> options) {
        options.insert(options.begin(), {program("bin/hab").string(), "sup", "run", "--listen-http",
                                         "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0"});
        const auto result = run(options);
        EXPECT_NE(result.exit_code, 0);
        EXPECT_FALSE(fs::exists("/hab/sup/default/listen.json"));
        return result.out + result.err;
    }
};

TEST_F(HttpTls, ServesOverTlsAlone) {
    start({"--key", "/hab/tls/server.key", "--certs", "/hab/tls/server.pem"});
    const auto answer = curl({});
    EXPECT_EQ(answer.exit_code, 0) << answer.err << log();
    EXPECT_EQ(answer.out, "[]");
    EXPECT_EQ(get("/services").status, 0);
    EXPECT_EQ(curl({"--tls-max", "1.1"}).exit_code, 35);
    EXPECT_EQ(curl({}).exit_code, 0);
}

TEST_F(HttpTls, AsksForCertificatesOfClients) {
    start({"--key", "/hab/tls/server.key", "--certs", "/hab/tls/server.pem", "--ca-certs",
           "/hab/tls/client.pem"});
    EXPECT_NE(curl({}).exit_code, 0);
    EXPECT_NE(curl({"--cert", "/hab/tls/stranger.pem", "--key", "/hab/tls/stranger.key"}).exit_code,
              0);
    const auto answer = curl({"--cert", "/hab/tls/client.pem", "--key", "/hab/tls/client.key"});
    EXPECT_EQ(answer.exit_code, 0) << answer.err << log();
    EXPECT_EQ(answer.out, "[]");
}

TEST_F(HttpTls, TheEventsCommandFindsTheCertificateByItself) {
    make("far", "far.example", 5);
    start({"--key", "/hab/tls/far.key", "--certs", "/hab/tls/far.pem"});
    const std::vector<std::string> command{program("bin/hab").string(), "sup", "events", "--json"};
    Background events(command);
    EXPECT_TRUE(eventually([&] { return events.output().find("\"hello\"") != std::string::npos; }))
        << events.output();
    // Only that certificate is trusted, whatever the name.
    make("far", "far.example", 5);
    const auto other = run(command);
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_THAT(other.err, HasSubstr("certificate"));
    EXPECT_EQ(other.out, "");
}

TEST_F(HttpTls, TheEventsCommandHasNoCertificateOfItsOwn) {
    start({"--key", "/hab/tls/server.key", "--certs", "/hab/tls/server.pem", "--ca-certs",
           "/hab/tls/client.pem"});
    const auto refused = run({program("bin/hab").string(), "sup", "events"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("asks its clients for a certificate"));
}

TEST_F(HttpTls, RefusesToRunWithFilesThatAreNotFit) {
    EXPECT_THAT(refusal({"--key", "/hab/tls/server.key"}),
                HasSubstr("--key was given without --certs"));
    EXPECT_THAT(refusal({"--ca-certs", "/hab/tls/client.pem"}),
                HasSubstr("--ca-certs was given without --key and --certs"));
    EXPECT_THAT(refusal({"--key", "/hab/tls/none", "--certs", "/hab/tls/server.pem"}),
                HasSubstr("/hab/tls/none"));
    EXPECT_THAT(refusal({"--key", "/hab/tls/expired.key", "--certs", "/hab/tls/expired.pem"}),
                HasSubstr("cannot use /hab/tls/expired.pem: its certificate expired on 20"));
    EXPECT_THAT(refusal({"--key", "/hab/tls/client.key", "--certs", "/hab/tls/server.pem"}),
                HasSubstr("it is not the key of the first certificate in /hab/tls/server.pem"));
    EXPECT_THAT(refusal({"--key", "/hab/tls/server.pem", "--certs", "/hab/tls/server.pem"}),
                HasSubstr("it holds no private key"));
}

}  // namespace
}  // namespace hab::test
