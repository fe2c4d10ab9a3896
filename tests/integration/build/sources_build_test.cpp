// SPDX-License-Identifier: Apache-2.0
// Where sources come from, and what happens when they do not come as they should.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/strings.hpp"
#include "build_world.hpp"
#include "crypto/hash.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Answers GET /whole with the content and /cut with half of it; /hang gets no answer. Counts.
class SmallServer {
public:
    explicit SmallServer(std::string content) : content_(std::move(content)) {
        fd_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        ok_ = ::bind(fd_.get(), generic, size) == 0 && ::listen(fd_.get(), 16) == 0 &&
              ::getsockname(fd_.get(), generic, &size) == 0;
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~SmallServer() { stop(); }
    void stop() {
        ::shutdown(fd_.get(), SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        fd_.reset();
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    [[nodiscard]] int requests() const { return requests_; }

private:
    void serve() {
        std::vector<UniqueFd> silent;
        while (true) {
            UniqueFd client(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) return;
            std::string head(4096, '\0');
            const ssize_t n = ::recv(client.get(), head.data(), head.size(), 0);
            head.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
            ++requests_;
            if (head.find("/hang") != std::string::npos) {
                silent.push_back(std::move(client));
                continue;
            }
            const bool cut = head.find("/cut") != std::string::npos;
            std::string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                                 std::to_string(content_.size()) + "\r\n\r\n";
            answer += cut ? content_.substr(0, content_.size() / 2) : content_;
            static_cast<void>(::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL));
        }
    }

    std::string content_;
    UniqueFd fd_;
    bool ok_ = false;
    int port_ = 0;
    std::atomic<int> requests_{0};
    std::thread thread_;
};

std::string sha256(const std::string& content) {
    const TempDir dir;
    write_file_atomic(dir.path() / "content", content);
    return crypto::sha256_hex_of_file((dir.path() / "content").string());
}

class SourcesBuild : public BuildWorld {
protected:
    void SetUp() override {
        BuildWorld::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        file("up/app-1.0/file", "content\n");
        shell("tar -czf app.tgz -C up app-1.0");
        archive_ = read_file(dir_.path() / "app.tgz");
    }
    void shell(const std::string& text) {
        const auto done = run({"sh", "-ec", text}, {.cwd = dir_.path().string()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
    }
    /// A plan that installs the file of its source.
    void plan_of(const std::string& source, const std::string& sha256,
                 const std::string& more = {}) {
        plan("app", "pkg_source=" + source + "\npkg_shasum=" + sha256 +
                        "\ndo_install() { cp file \"$pkg_prefix/\"; }\n" + more);
    }
    void expect_failure(const std::string& sentence, std::map<std::string, std::string> env = {}) {
        const auto built = build("app", std::move(env));
        EXPECT_NE(built.exit_code, 0);
        EXPECT_THAT(built.err, HasSubstr(sentence)) << built.out;
        EXPECT_THAT(built.err, HasSubstr("hint: "));
    }
    std::string archive_;
};

TEST_F(SourcesBuild, ADownloadIsKeptForTheNextBuildWithoutANetwork) {
    SmallServer server(archive_);
    ASSERT_TRUE(server.ok());
    plan_of(server.url("/whole"), sha256(archive_), "pkg_filename=app-1.0.tgz\n");
    const auto first = build("app");
    ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
    EXPECT_THAT(first.out, HasSubstr("app-1.0.tgz 100%"));
    EXPECT_EQ(meta("file"), "content\n");
    EXPECT_EQ(server.requests(), 1);
    server.stop();
    const auto second = build("app");
    EXPECT_EQ(second.exit_code, 0) << second.out << second.err;
    EXPECT_EQ(meta("file"), "content\n");
}

TEST_F(SourcesBuild, ServersThatFailAreNamed) {
    SmallServer server(archive_);
    ASSERT_TRUE(server.ok());
    const std::string sum = sha256(archive_);
    plan_of(server.url("/hang"), sum);
    expect_failure(server.url("/hang"), {{"HAB_DOWNLOAD_TIMEOUT", "1"}});
    plan_of(server.url("/cut"), sum);
    expect_failure(server.url("/cut"));
    EXPECT_FALSE(fs::exists("/hab/cache/src/cut"));
    plan_of(server.url("/whole"), std::string(64, '0'));
    expect_failure("has the SHA-256 " + sum + ", not 0000");
    EXPECT_FALSE(fs::exists("/hab/cache/src/whole"));
    expect_failure("HAB_DOWNLOAD_TIMEOUT is 'soon'", {{"HAB_DOWNLOAD_TIMEOUT", "soon"}});
    const std::string gone = server.url("/whole");
    server.stop();
    expect_failure(gone);
}

TEST_F(SourcesBuild, AHangingDownloadCanBeInterrupted) {
    SmallServer server(archive_);
    ASSERT_TRUE(server.ok());
    plan_of(server.url("/hang"), sha256(archive_));
    Background running({program("bin/hab").string(), "pkg", "build", "-N", "app"},
                       {.cwd = dir_.path().string()});
    ASSERT_TRUE(eventually([&] { return server.requests() > 0; })) << running.output();
    running.signal(SIGTERM);
    EXPECT_EQ(running.wait(std::chrono::seconds(30)), 1) << running.output();
    EXPECT_THAT(running.output(), HasSubstr("the build was interrupted"));
}

TEST_F(SourcesBuild, ATruncatedArchiveIsNamed) {
    const std::string half = archive_.substr(0, archive_.size() / 2);
    file("half.tgz", half);
    plan_of("file://" + dir_.path().string() + "/half.tgz", sha256(half));
    expect_failure("failed in do_unpack with status 2: cannot unpack 'half.tgz': tar ended with");
}

TEST_F(SourcesBuild, AGitCommitIsASource) {
    HAB_REQUIRE(run({"sh", "-c", "command -v git"}).exit_code == 0, "this test needs git");
    shell(
        "export GIT_CONFIG_GLOBAL=/dev/null; git init -q -b main up/app-1.0 && cd up/app-1.0 && "
        "git add file && git -c user.name=t -c user.email=t commit -qm one && git rev-parse HEAD "
        ">../../commit");
    const std::string commit(trim(read_file(dir_.path() / "commit")));
    const std::string url = "git+file://" + dir_.path().string() + "/up/app-1.0";
    plan_of(url + "#" + commit, "");
    const auto built = build("app");
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(meta("file"), "content\n");
    const std::string sum =
        crypto::sha256_hex_of_file("/hab/cache/src/app-1.0-" + commit.substr(0, 12) + ".tar");
    plan_of(url + "#main", sum, "pkg_filename=app.tar\n");
    EXPECT_EQ(build("app").exit_code, 0);
    // Cut off: the commit is in the local repository, the archive of the branch in the cache.
    fs::remove_all(dir_.path() / "up");
    EXPECT_EQ(build("app").exit_code, 0);
    plan_of(url + "#" + commit, "");
    EXPECT_EQ(build("app").exit_code, 0);
    plan_of(url + "#main", "");
    expect_failure("does not say which commit");
}

}  // namespace
}  // namespace hab::test
