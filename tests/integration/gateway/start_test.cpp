// SPDX-License-Identifier: Apache-2.0
// `hab start`: with and without a supervisor, from an ident and from a file.
#include <signal.h>

#include "base/clock.hpp"
#include "base/tree.hpp"
#include "crypto/key_cache.hpp"
#include "integration/gateway/gateway_fixture.hpp"
#include "package/hart_writer.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

class Start : public GatewayTest {
protected:
    /// The package as a signed artifact, and no longer installed.
    fs::path as_artifact(const std::string& name) {
        const auto ident = package::Ident::parse("acme/" + name + "/1.0.0/20260101000000");
        const fs::path tree = fs::path("/") / ident.relative_path();
        const auto pair = crypto::SigningKeyPair::generate("acme", SystemClock().wall());
        crypto::KeyCache("/hab/cache/keys").store(pair);
        const fs::path hart = "/hab/" + ident.archive_name(package::Target::active());
        (void)package::write_hart(tree, ident, pair.secret_key, hart);
        remove_tree("/hab/pkgs");
        return hart;
    }
    /// Waits for the service's text in what a follower printed.
    static bool follows(Background& follower, const std::string& text) {
        return eventually([&] { return follower.output().find(text) != std::string::npos; });
    }
};

TEST_F(Start, LoadsIntoTheRunningSupervisorAndLeavesItRunning) {
    long_running("tide");
    start();
    Background follower({program("bin/hab").string(), "start", "acme/tide"});
    EXPECT_TRUE(follows(follower, "The acme/tide service was successfully loaded"))
        << follower.output();
    EXPECT_TRUE(follows(follower, "tide.default(O): running")) << follower.output();
    const pid_t pid = up("tide");
    follower.signal(SIGINT);
    EXPECT_EQ(follower.wait(), 0) << follower.output();
    EXPECT_THAT(follower.output(), HasSubstr("acme/tide keeps running"));
    EXPECT_TRUE(alive(pid));
    EXPECT_NE(supervisor_pid(), 0);
}

TEST_F(Start, InstallsAFileFirst) {
    long_running("tide");
    const fs::path hart = as_artifact("tide");
    start();
    Background follower({program("bin/hab").string(), "start", hart.string()});
    EXPECT_TRUE(follows(follower, "tide.default(O): running")) << follower.output() << log();
    EXPECT_TRUE(fs::exists("/hab/pkgs/acme/tide/1.0.0/20260101000000/IDENT"));
    ASSERT_TRUE(terminate().has_value());
    EXPECT_EQ(follower.wait(), 0) << "the end of the supervisor ends the following";
    EXPECT_THAT(follower.output(), HasSubstr("The supervisor has ended"));
}

TEST_F(Start, BecomesTheSupervisorWhenNoneRuns) {
    long_running("tide");
    sup_ = std::make_unique<Background>(
        std::vector<std::string>{program("bin/hab").string(), "start", "acme/tide", "--listen-http",
                                 "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0", "--group", "blue"});
    EXPECT_TRUE(logged("tide.blue(O): running")) << log();
    EXPECT_EQ(hab({"sup", "term"}).exit_code, 0);
    EXPECT_EQ(sup_->wait(), 0);
}

TEST_F(Start, SaysWhatIsWrongWithThePackage) {
    start();
    const auto missing = hab({"start", "/hab/no.hart"});
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_THAT(missing.err, HasSubstr("/hab/no.hart"));
    write("/hab/garbage.hart", "this is not a package");
    const auto garbage = hab({"start", "/hab/garbage.hart"});
    EXPECT_EQ(garbage.exit_code, 1);
    EXPECT_THAT(garbage.err, HasSubstr("garbage.hart"));
    EXPECT_EQ(hab({"start", "nonsense"}).exit_code, 2);
}

TEST_F(Start, EndsWithTheErrorWhenThePackageCannotBeFound) {
    for (const char* command : {"start", "sup run"}) {
        std::vector<std::string> words{"start"};
        if (std::string_view(command) == "sup run") words = {"sup", "run"};
        for (const char* more :
             {"--listen-http", "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0", "acme/nothing"})
            words.emplace_back(more);
        const auto result = hab(words);
        EXPECT_EQ(result.exit_code, 1) << command << result.out << result.err;
        EXPECT_THAT(result.err, HasSubstr("cannot install acme/nothing"));
        EXPECT_FALSE(fs::exists("/hab/sup/default/listen.json"));
    }
}

TEST_F(Start, ARunningSupervisorStaysWhenThePackageCannotBeFound) {
    start();
    const auto result = hab({"start", "acme/nothing"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("acme/nothing"));
    EXPECT_NE(supervisor_pid(), 0);
}

}  // namespace
}  // namespace hab::test
