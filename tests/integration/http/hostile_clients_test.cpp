// SPDX-License-Identifier: Apache-2.0
// Clients that are broken, slow or hostile: the others get their answers, and no service notices.
#include <memory>
#include <vector>

#include "integration/http/http_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class HostileClients : public HttpTest {
protected:
    void SetUp() override {
        HttpTest::SetUp();
        if (IsSkipped()) return;
        long_running("tide");
        start({"acme/tide"});
        pid_ = up("tide");
        ASSERT_GT(pid_, 0);
    }
    /// The supervisor still answers, and its service is the same process.
    void expect_unharmed() {
        EXPECT_EQ(get("/services/tide/default/health").status, 200) << log();
        EXPECT_EQ(number("tide", "process.pid"), pid_);
        EXPECT_EQ(number("tide", "restart_count"), 0);
    }

    pid_t pid_ = 0;
};

TEST_F(HostileClients, AThousandThatSayNothing) {
    std::vector<std::unique_ptr<RudeClient>> idle;
    for (int i = 0; i < 1000; ++i)
        idle.push_back(std::make_unique<RudeClient>(port()));
    // More than the gateway takes: who has waited longest for nothing has made room.
    expect_unharmed();
    EXPECT_EQ(idle.front()->read_all(), "");
    EXPECT_TRUE(idle.back()->send("GET /services HTTP/1.1\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(idle.back()->read_all(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HostileClients, HalfAnythingHoldsUpNobody) {
    std::vector<std::unique_ptr<RudeClient>> clients;
    for (const char* half : {"G", "GET /services", "GET /services HTTP/1.1\r\nHost: x\r\nA: ",
                             "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345",
                             "GET /events HTTP/1.1\r\n\r\n", "\x16\x03\x01"}) {
        clients.push_back(std::make_unique<RudeClient>(port()));
        EXPECT_TRUE(clients.back()->send(half));
        if (clients.size() % 2 == 0) clients.back()->end_sending();
    }
    expect_unharmed();
    clients.clear();  // gone in the middle of everything
    expect_unharmed();
}

TEST_F(HostileClients, HugeRequestsAreRefused) {
    const auto answer = [&](const std::string& request) {
        const RudeClient client(port());
        (void)client.send(request);
        return client.read_all();
    };
    const std::string path(100'000, 'a');
    EXPECT_THAT(answer("GET /" + path + " HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 431 "));
    std::string headers = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 2000; ++i)
        headers += "X-Name: value\r\n";
    EXPECT_THAT(answer(headers + "\r\n"), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(answer("POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n" + path),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(answer("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n" + path),
                StartsWith("HTTP/1.1 413 "));
    expect_unharmed();
}

TEST_F(HostileClients, MethodsAndPathsThatDoNotExist) {
    const auto status = [&](const std::string& line) {
        const RudeClient client(port());
        EXPECT_TRUE(client.send(line + "\r\nConnection: close\r\n\r\n"));
        return client.read_all().substr(0, 12);
    };
    EXPECT_EQ(status("DELETE /services/tide/default HTTP/1.1"), "HTTP/1.1 405");
    EXPECT_EQ(status("BREW / HTTP/1.1"), "HTTP/1.1 405");
    EXPECT_EQ(status("CONNECT host:1 HTTP/1.1"), "HTTP/1.1 400");
    EXPECT_EQ(status("GET /services/%2e%2e/%2e%2e HTTP/1.1"), "HTTP/1.1 400");
    EXPECT_EQ(status("GET /services/tide/default/log/../../../../etc/passwd HTTP/1.1"),
              "HTTP/1.1 404");
    EXPECT_EQ(status("GET /services/%ff%fe/default HTTP/1.1"), "HTTP/1.1 404");
    EXPECT_EQ(status("GET /services/ti%00de/default HTTP/1.1"), "HTTP/1.1 400");
    EXPECT_EQ(status("GET http://evil/services HTTP/1.1"), "HTTP/1.1 400");
    expect_unharmed();
}

TEST_F(HostileClients, AnswersThatNobodyReadsHarmNobodyElse) {
    std::vector<std::unique_ptr<RudeClient>> clients;
    for (int i = 0; i < 50; ++i) {
        clients.push_back(std::make_unique<RudeClient>(port()));
        std::string many;
        for (int k = 0; k < 200; ++k)
            many += "GET /services HTTP/1.1\r\n\r\n";
        EXPECT_TRUE(clients.back()->send(many));
    }
    expect_unharmed();
}

}  // namespace
}  // namespace hab::test
