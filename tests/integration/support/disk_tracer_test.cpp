// SPDX-License-Identifier: Apache-2.0
// The tools of the fault tests, tried on programs whose behaviour is known.
#include <gmock/gmock.h>
#include <signal.h>

#include "base/files.hpp"
#include "support/disk_tracer.hpp"
#include "support/power_loss.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DiskTracer : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        HAB_REQUIRE(why_no_tracing().empty(), why_no_tracing());
    }
    static TraceResult shell(const std::string& script, const TraceOptions& options = {}) {
        return run_traced({"sh", "-c", script}, {}, options);
    }
    static std::vector<std::string> texts(const TraceResult& result) {
        std::vector<std::string> all;
        for (const DiskCall& call : result.calls)
            all.push_back(call.text());
        return all;
    }
};

TEST_F(DiskTracer, SeesWhatChangesTheWatchedDirectoryAndNothingElse) {
    const TraceResult result = shell(
        "echo out; echo x > /tmp/hab-tracer-elsewhere; rm /tmp/hab-tracer-elsewhere;"
        "cd /hab; echo x > a; mkdir d; mv a d/b; cat d/b");
    EXPECT_EQ(result.run.exit_code, 0) << result.run.err;
    EXPECT_EQ(result.run.out, "out\nx\n");
    EXPECT_THAT(texts(result),
                ElementsAre(HasSubstr("/hab/a"), "write /hab/a", "mkdir /hab/d",
                            testing::AllOf(HasSubstr("rename"), HasSubstr("/hab/a -> /hab/d/b"))));
}

TEST_F(DiskTracer, KillsEverythingBeforeTheChosenCall) {
    const std::string script =
        "(sleep 600; echo late > /hab/late) & echo 1 > /hab/a; echo 2 > /hab/b";
    TraceOptions options;
    options.kill_at = 3;  // create a, write a, create b
    const TraceResult result = shell(script, options);
    EXPECT_TRUE(result.reached);
    EXPECT_EQ(result.run.exit_code, 128 + SIGKILL);
    EXPECT_EQ(read_file("/hab/a"), "1\n");
    EXPECT_FALSE(fs::exists("/hab/b"));
    options.kill_at = 2;
    options.torn = true;
    (void)shell("echo 1234567 > /hab/a", options);
    EXPECT_EQ(read_file("/hab/a"), "1234");
}

TEST_F(DiskTracer, FailsTheChosenCallOrAllThatNeedSpaceFromThereOn) {
    TraceOptions options;
    options.fail_at = 1;
    options.error = ENOSPC;
    const std::string script = "echo 1 > /hab/a; echo 2 > /hab/b; rm -f /hab/a; true";
    const TraceResult once = shell(script, options);
    EXPECT_THAT(once.run.err, HasSubstr("No space left on device"));
    EXPECT_FALSE(fs::exists("/hab/a"));
    EXPECT_EQ(read_file("/hab/b"), "2\n");
    fs::remove("/hab/b");
    options.lasting = true;
    (void)shell(script, options);
    EXPECT_FALSE(fs::exists("/hab/b"));
}

TEST_F(DiskTracer, PowerCutsLoseWhatWasNotSynced) {
    const auto lost = [](const std::string& script) {
        reset_hab();
        PowerLoss power(TreeImage::take("/hab"));
        TraceOptions options;
        options.after = [&](const DiskCall& call) { power.record(call, "/hab"); };
        const TraceResult result = shell(script, options);
        EXPECT_EQ(result.run.exit_code, 0) << result.run.err;
        std::vector<std::string> contents;  // of /hab/new in each state: "-" when it is not there
        for (const LostState& state : power.states())
            contents.push_back(state.tree.has("new") ? state.tree.content("new") : "-");
        return contents;
    };
    const std::string write = "echo abc > /hab/.tmp; ";
    const std::string rename = "mv /hab/.tmp /hab/new; ";
    // Without a sync the new name may have no content; with one it has the whole or no name.
    EXPECT_THAT(lost(write + rename), Contains(""));
    EXPECT_THAT(lost(write + rename), Contains(std::string(4, '\0')));
    const auto synced = lost(write + "sync /hab/.tmp; " + rename + "sync /hab; ");
    EXPECT_THAT(synced, testing::Each(testing::AnyOf("-", "abc\n")));
    EXPECT_THAT(synced, Contains("abc\n"));
}

TEST_F(DiskTracer, ImagesComeBackAsTheyWere) {
    make_directories("/hab/d/empty", 0711);
    write_file_atomic("/hab/d/file", "text", WriteOptions{.mode = 0440});
    fs::create_hard_link("/hab/d/file", "/hab/d/second");
    fs::create_symlink("nowhere", "/hab/link");
    const TreeImage before = TreeImage::take("/hab");
    reset_hab();
    write_file_atomic("/hab/other", "text");
    EXPECT_THAT(differences(before, TreeImage::take("/hab")), Contains("'other' is new"));
    before.restore("/hab");
    EXPECT_THAT(differences(before, TreeImage::take("/hab")), IsEmpty());
    EXPECT_EQ(fs::hard_link_count("/hab/d/file"), 2u);
}

}  // namespace
}  // namespace hab::test
