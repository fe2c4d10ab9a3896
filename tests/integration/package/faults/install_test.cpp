// SPDX-License-Identifier: Apache-2.0
// `hab pkg install` under kills, errors and power cuts.
#include "fault_sweep.hpp"
#include "package_maker.hpp"

namespace hab::test {
namespace {

const std::string lib = "acme/lib/1.0/20260101000000";
const std::string app = "acme/app/2.0/20260101000000";
const std::string newer = "acme/app/2.0/20260202000000";

class InstallFaults : public FaultTest {
protected:
    /// `words` go between "pkg install" and the artifact.
    static Scenario install(const std::string& name, const fs::path& hart,
                            std::vector<std::string> words = {}) {
        words.insert(words.begin(), {"pkg", "install"});
        words.push_back(hart.string());
        return {.name = name, .words = words, .free = is_cached};
    }
    /// The artifact cache is a convenience: a copy there is verified before it is used, and one that
    /// is missing or torn undoes no install. Half-copied files under hidden names are never free.
    static bool is_cached(const std::string& path) {
        return path == "cache/artifacts" || path.starts_with("cache/artifacts/");
    }
    const fs::path work_ = "/hab/work";
};

TEST_F(InstallFaults, OnePackage) {
    const PackageMaker maker;
    const fs::path hart = maker.make({.ident = app, .files = {{"config/a", "a\n"}}}, work_);
    FaultSweep sweep(install("install", hart));
    sweep.everything();
    sweep.fail_everywhere(EDQUOT, false);
    EXPECT_THAT(sweep.kill_at_fail_points(),
                ::testing::IsSupersetOf({"install.unpacked", "install.verified"}));
}

TEST_F(InstallFaults, Closure) {
    const PackageMaker maker;
    maker.make({.ident = lib}, work_);
    const fs::path hart = maker.make({.ident = app, .tdeps = {lib}}, work_);
    FaultSweep sweep(install("closure", hart));
    sweep.everything();
}

TEST_F(InstallFaults, AnotherReleaseBesideAnInstalledOne) {
    const PackageMaker maker;
    hab({"pkg", "install", maker.make({.ident = app}, work_).string()});
    FaultSweep sweep(install("upgrade", maker.make({.ident = newer}, work_)));
    sweep.everything();
}

TEST_F(InstallFaults, InstallHook) {
    const PackageMaker maker;
    const fs::path hart = maker.make(
        {.ident = app, .files = {{"hooks/install", "#!/bin/sh\necho hooked\nexit 0\n"}}}, work_);
    Scenario scenario = install("hook", hart);
    // What hooks said is appended to a log; an aborted hook may have said it once more. The rendered
    // hook is not synced: it is rendered before every use.
    scenario.free = [](const std::string& path) {
        return is_cached(path) || path.starts_with("svc/app/logs/") ||
               path.starts_with("svc/app/hooks/");
    };
    FaultSweep sweep(scenario);
    sweep.kill_everywhere();
    sweep.fail_everywhere(ENOSPC, true);
    sweep.cut_power_everywhere();
}

TEST_F(InstallFaults, BinlinksOfAnInstall) {
    const PackageMaker maker;
    const fs::path hart = maker.make({.ident = app}, work_);
    FaultSweep sweep(install("install-binlink", hart, {"--binlink", "--binlink-dir", "/hab/bin"}));
    sweep.kill_everywhere();
}

}  // namespace
}  // namespace hab::test
