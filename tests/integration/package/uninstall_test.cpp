// SPDX-License-Identifier: Apache-2.0
// hab pkg uninstall on a real /hab.
#include <fmt/format.h>

#include "integration/package/package_world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Uninstall : public PackageWorld {
protected:
    void install(const fs::path& hart) {
        const RunResult result = hab({"pkg", "install", hart.string()});
        ASSERT_EQ(result.exit_code, 0) << result.err;
    }
    static std::string list() { return hab({"pkg", "list", "--all"}).out; }
};

TEST_F(Uninstall, TakesThePackageAndWhatOnlyItNeeded) {
    const std::string other = "acme/other/1/20260101000000";
    const std::string shared = "acme/shared/1/20260101000000";
    make(lib_);
    make(shared);
    install(make(app_, {lib_, shared}));
    install(make(other, {shared}));
    const RunResult dry = hab({"pkg", "uninstall", "-d", "acme/app"});
    EXPECT_EQ(dry.exit_code, 0);
    EXPECT_THAT(dry.out, HasSubstr("Would remove " + lib_));
    EXPECT_THAT(dry.out, Not(HasSubstr("Would remove " + shared)));
    EXPECT_THAT(list(), HasSubstr(app_));
    const RunResult done = hab({"pkg", "uninstall", "acme/app"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.out, HasSubstr("complete: 2 packages removed"));
    EXPECT_EQ(list(), other + "\n" + shared + "\n");
    EXPECT_FALSE(fs::exists("/hab/pkgs/acme/app"));
}

TEST_F(Uninstall, WithoutDependenciesOrWithExclusions) {
    make(lib_);
    install(make(app_, {lib_}));
    ASSERT_EQ(hab({"pkg", "uninstall", "--no-deps", "acme/app"}).exit_code, 0);
    EXPECT_EQ(list(), lib_ + "\n");
    install(make(app_, {lib_}));
    const RunResult excluded =
        hab({"pkg", "uninstall", "--exclude", "acme/lib", "--exclude", "x/y", "acme/app"});
    ASSERT_EQ(excluded.exit_code, 0) << excluded.err;
    EXPECT_THAT(excluded.out, HasSubstr("Keeping " + lib_ + ": it is excluded"));
    EXPECT_EQ(list(), lib_ + "\n");
    const RunResult itself = hab({"pkg", "uninstall", "--exclude", "acme/lib/1.0", "acme/lib"});
    EXPECT_EQ(itself.exit_code, 0);
    EXPECT_EQ(list(), lib_ + "\n");
}

TEST_F(Uninstall, RefusesWhatOthersNeedAndWhatIsNotThere) {
    make(lib_);
    install(make(app_, {lib_}));
    const RunResult needed = hab({"pkg", "uninstall", "acme/lib"});
    EXPECT_EQ(needed.exit_code, 1);
    EXPECT_THAT(needed.err, HasSubstr("cannot uninstall '" + lib_ + "': " + app_ + " needs it"));
    EXPECT_EQ(hab({"pkg", "uninstall", "acme/none"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "uninstall", "nonsense"}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "uninstall"}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "uninstall", "--keep-latest", "-3", "acme/lib"}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "uninstall", "--keep-latest", "many", "acme/lib"}).exit_code, 2);
    EXPECT_THAT(list(), HasSubstr(lib_));
}

TEST_F(Uninstall, KeepsTheLatest) {
    for (const char* version : {"1.9", "1.10", "1.2"})
        install(make(fmt::format("acme/lib/{}/20260101000000", version)));
    install(make("acme/lib/1.10/20260202000000"));
    const RunResult none = hab({"pkg", "uninstall", "--keep-latest", "4", "acme/lib"});
    EXPECT_EQ(none.exit_code, 0);
    EXPECT_THAT(none.out, HasSubstr("Keeping all 4 installed releases of acme/lib"));
    const RunResult two = hab({"pkg", "uninstall", "--keep-latest", "2", "acme/lib"});
    ASSERT_EQ(two.exit_code, 0) << two.err;
    EXPECT_EQ(list(), "acme/lib/1.10/20260101000000\nacme/lib/1.10/20260202000000\n");
    EXPECT_LT(two.out.find("Removing acme/lib/1.2/"), two.out.find("Removing acme/lib/1.9/"));
    ASSERT_EQ(hab({"pkg", "uninstall", "acme/lib"}).exit_code, 0);
    EXPECT_EQ(list(), "acme/lib/1.10/20260101000000\n") << "the newest one went";
}

TEST_F(Uninstall, HookRunsForTheLastReleaseOnly) {
    const PackageWorld::Files hook{{"hooks/uninstall",
                                    "#!/bin/sh\necho {{pkg.version}} >> /hab/hooks-ran\n"
                                    "test -e /hab/allowed || exit 9\n"}};
    const std::string newer = "acme/lib/1.1/20260101000000";
    install(make(lib_, {}, hook));
    install(make(newer, {}, hook));
    ASSERT_EQ(hab({"pkg", "uninstall", lib_}).exit_code, 0);
    EXPECT_EQ(text_of("/hab/hooks-ran"), "none");
    const RunResult refused = hab({"pkg", "uninstall", "acme/lib"});
    EXPECT_EQ(refused.exit_code, 9);
    EXPECT_THAT(refused.err,
                HasSubstr("the uninstall hook of '" + newer + "' ended with exit code 9"));
    EXPECT_EQ(text_of("/hab/hooks-ran"), "1.1\n");
    EXPECT_EQ(list(), newer + "\n");
    write_file_atomic("/hab/allowed", "");
    EXPECT_EQ(hab({"pkg", "uninstall", "acme/lib"}).exit_code, 0);
    EXPECT_EQ(list(), "");
    fs::remove("/hab/allowed");
    install(make(newer, {}, hook));
    EXPECT_EQ(hab({"pkg", "uninstall", "--ignore-uninstall-hook", "acme/lib"}).exit_code, 0);
    EXPECT_EQ(list(), "");
}

TEST_F(Uninstall, WhatWasPinnedWhileAHookRanStays) {
    const std::string pin = program("bin/hab").string() + " pkg pin acme/lib\n";
    make(lib_);
    install(make(app_, {lib_}, {{"hooks/uninstall", "#!/bin/sh\n" + pin}}));
    const RunResult result = hab({"pkg", "uninstall", "acme/app"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("Keeping " + lib_ + ": it is pinned"));
    EXPECT_EQ(list(), lib_ + "\n");
}

TEST_F(Uninstall, PackageWithBrokenMetafiles) {
    install(make(lib_));
    install(make(app_));
    write_file_atomic(dir_of(lib_) / "DEPS", "what is this\n");
    const RunResult other = hab({"pkg", "uninstall", "acme/app"});
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_THAT(other.err, HasSubstr("cannot tell what '" + lib_ + "' needs"));
    EXPECT_EQ(hab({"pkg", "uninstall", "acme/lib"}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "uninstall", "acme/app"}).exit_code, 0);
    EXPECT_EQ(list(), "");
}

TEST_F(Uninstall, KilledAnywhereThePackageIsWholeOrGone) {
    for (const char* point : {"removal.rename", "removal.sync", "removal.tree", "files.remove",
                              "files.remove=kill@4", "removal.parents"}) {
        install(make(lib_));
        const RunResult killed =
            hab({"pkg", "uninstall", "acme/lib"}, {.env = {{"HAB_FAIL_POINTS", point}}});
        EXPECT_EQ(killed.exit_code, 128 + 9) << point << killed.err;
        const bool there = list() == lib_ + "\n";
        EXPECT_EQ(there, std::string(point) == "removal.rename") << point;
        EXPECT_EQ(fs::exists(dir_of(lib_) / "bin" / "lib"), there) << point;
        install(make(app_));
        ASSERT_EQ(hab({"pkg", "uninstall", "acme/app"}).exit_code, 0);
        if (!there) {
            EXPECT_FALSE(fs::exists("/hab/pkgs/acme/lib")) << point << ": leavings are swept";
        }
        fs::remove_all("/hab/pkgs");
    }
}

TEST_F(Uninstall, ErrorOfTheDiskIsToldAndTheNextRunFinishes) {
    install(make(lib_));
    for (const char* point : {"removal.rename=error:EIO", "removal.tree=error:EIO"}) {
        const RunResult failed =
            hab({"pkg", "uninstall", "acme/lib"}, {.env = {{"HAB_FAIL_POINTS", point}}});
        EXPECT_EQ(failed.exit_code, 1) << point;
        EXPECT_THAT(failed.err, HasSubstr("injected failure at removal."));
    }
    EXPECT_EQ(list(), "");
    install(make(app_));
    EXPECT_EQ(hab({"pkg", "uninstall", "acme/app"}).exit_code, 0);
    EXPECT_TRUE(fs::is_empty("/hab/pkgs"));
}

}  // namespace
}  // namespace hab::test
