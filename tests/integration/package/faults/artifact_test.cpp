// SPDX-License-Identifier: Apache-2.0
// Artifacts that are being written, and small files of the operator.
#include <fmt/format.h>
#include <signal.h>

#include "base/strings.hpp"
#include "crypto/key_cache.hpp"
#include "fault_sweep.hpp"
#include "package_maker.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string app = "acme/app/2.0/20260101000000";

class ArtifactFaults : public FaultTest {};

TEST_F(ArtifactFaults, SignedFileAppearsWholeOrNotAtAll) {
    const PackageMaker maker;
    crypto::KeyCache("/hab/cache/keys").store(maker.keys());
    make_directories("/hab/out");
    write_file_atomic("/hab/payload", std::string(300'000, 'x'));
    FaultSweep sweep(
        {.name = "sign",
         .words = {"pkg", "sign", "--origin", "acme", "/hab/payload", "/hab/out/x.hart"}});
    sweep.everything();
}

TEST_F(ArtifactFaults, PinAndBinlink) {
    const PackageMaker maker;
    hab({"pkg", "install", maker.make({.ident = app}, "/hab/work").string()});
    FaultSweep pin({.name = "pin", .words = {"pkg", "pin", app}});
    pin.everything();
    FaultSweep link({.name = "binlink", .words = {"pkg", "binlink", app, "-d", "/hab/bin"}});
    link.kill_everywhere();
}

TEST_F(ArtifactFaults, UnpinAndReplacedBinlink) {
    const PackageMaker maker;
    hab({"pkg", "install", maker.make({.ident = app}, "/hab/work").string()});
    hab({"pkg", "pin", app});
    FaultSweep unpin({.name = "unpin", .words = {"pkg", "unpin", app}, .once = true});
    unpin.kill_everywhere();
    unpin.fail_everywhere(EIO, false);
    unpin.cut_power_everywhere();
    make_directories("/hab/bin");
    fs::create_symlink("/somewhere/else", "/hab/bin/app");
    FaultSweep link(
        {.name = "binlink-force", .words = {"pkg", "binlink", app, "-d", "/hab/bin", "--force"}});
    link.kill_everywhere();
    link.fail_everywhere(ENOSPC, true);
    link.fail_everywhere(EIO, false);
}

/// A torn copy in the artifact cache (it is not synced, see docs) is refused, never installed.
TEST_F(ArtifactFaults, TornCopyInTheCacheIsRefused) {
    const PackageMaker maker;
    const fs::path hart = maker.make({.ident = app}, "/hab/work");
    const std::string bytes = read_file(hart);
    for (const std::size_t size : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
        const fs::path cached = fs::path("/hab/cache/artifacts") / hart.filename();
        make_directories(cached.parent_path());
        write_file_atomic(cached, bytes.substr(0, size));
        const RunResult result = run({program("bin/hab").string(), "pkg", "install", app});
        EXPECT_EQ(result.exit_code, 1) << size;
        EXPECT_THAT(result.err, HasSubstr(cached.string()));
        EXPECT_THAT(packages_in(TreeImage::take("/hab")), IsEmpty()) << size;
    }
}

/// A build from its first metafile on. Its release has the time in it: every run makes another.
class BuildFaults : public FaultTest {
protected:
    void SetUp() override {
        FaultTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        hab({"origin", "key", "generate", "acme"});
        make_directories("/hab/work/plan");
        write_file_atomic("/hab/work/plan/plan.sh",
                          "pkg_name=tiny\npkg_origin=acme\npkg_version=1.0\n"
                          "do_build() { return 0; }\n"
                          "do_install() { echo x > \"$pkg_prefix/x\"; }\n");
        old_ = TreeImage::take("/hab");
    }
    /// What is there must be whole: each artifact, and each package that hab lists.
    void judge(const std::string& what) const {
        for (const auto& [path, entry] : TreeImage::take("/hab").entries) {
            if (!path.ends_with(".hart") || is_hidden(path)) continue;
            EXPECT_EQ(run({hab_, "pkg", "verify", "/hab/" + path}).exit_code, 0)
                << path << " " << what;
        }
        const std::string listed = run({hab_, "pkg", "list", "--all"}).out;
        for (const std::string_view ident : split(listed, '\n')) {
            if (ident.empty()) continue;
            const RunResult deep = run({hab_, "pkg", "verify", "--deep", std::string(ident)});
            EXPECT_EQ(deep.exit_code, 0) << what << "\n" << deep.err << deep.out;
        }
    }
    [[nodiscard]] static std::size_t first_metafile(const std::vector<DiskCall>& calls) {
        std::size_t first = 0;
        while (first < calls.size() && calls[first].path.find("/.IDENT.") == std::string::npos)
            ++first;
        return first;
    }

    const std::string hab_ = program("bin/hab").string();
    const std::vector<std::string> argv_ = {hab_, "pkg", "build", "-N", "plan"};
    const RunOptions options_{.env = {{"HAB_HART_COMPRESSION", "zstd"}}, .cwd = "/hab/work"};
    TreeImage old_;
};

TEST_F(BuildFaults, KilledBuildLeavesWholeArtifactsOnly) {
    const TraceResult whole = run_traced(argv_, options_, {});
    ASSERT_EQ(whole.run.exit_code, 0) << whole.run.err << whole.run.out;
    const std::size_t first = first_metafile(whole.calls);
    ASSERT_LT(first, whole.calls.size());
    for (std::size_t i = 0; i < 8; ++i) {
        old_.restore("/hab");
        TraceOptions cut;
        cut.kill_at = first + 1 + i * (whole.calls.size() - first) / 8;
        const TraceResult result = run_traced(argv_, options_, cut);
        EXPECT_EQ(result.run.exit_code, 128 + SIGKILL);
        judge(fmt::format("after a death at call {}", cut.kill_at));
        const RunResult again = run(argv_, options_);
        EXPECT_EQ(again.exit_code, 0) << again.err;
        judge(fmt::format("after the repetition of call {}", cut.kill_at));
        for (const auto& [path, entry] : TreeImage::take("/hab").entries) {
            // The abandoned release is no package: whoever wants its place has to remove it.
            EXPECT_FALSE(path.ends_with(".tmp") && !path.starts_with("pkgs/")) << path;
        }
    }
}

TEST_F(BuildFaults, PowerCutLeavesWholeArtifactsOnly) {
    PowerLoss power(old_);
    TraceOptions options;
    options.after = [&](const DiskCall& call) { power.record(call, "/hab"); };
    const TraceResult whole = run_traced(argv_, options_, options);
    ASSERT_EQ(whole.run.exit_code, 0) << whole.run.err << whole.run.out;
    const auto& states = power.states();
    ASSERT_FALSE(states.empty());
    const std::size_t count = std::min<std::size_t>(states.size(), 24);
    for (std::size_t i = 0; i < count; ++i) {
        const LostState& state = states[states.size() - 1 - i];
        state.tree.restore("/hab");
        judge(state.when);
    }
}

}  // namespace
}  // namespace hab::test
