// SPDX-License-Identifier: Apache-2.0
// Making and removing studios in odd places, without harm to what is not theirs.
#include <sys/mount.h>

#include "fixture.hpp"
#include "support/mount.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class StudioRemoval : public StudioConformance {};

TEST_P(StudioRemoval, NeverTouchesWhatIsNotTheStudios) {
    ASSERT_EQ(hab({"studio", "new"}).exit_code, 0);
    const TempDir victim;
    write_file_atomic(victim.path() / "precious", "x");
    fs::create_directory_symlink(victim.path(), root() / "link");
    const fs::path point = root() / "mnt";
    ASSERT_EQ(::mount(victim.path().c_str(), point.c_str(), nullptr, MS_BIND, nullptr), 0);
    const RunResult refused = hab({"studio", "rm"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("is mounted there"), HasSubstr("nothing was removed")));
    EXPECT_TRUE(fs::exists(root() / "etc/passwd"));
    ASSERT_EQ(::umount(point.c_str()), 0);
    // A neighbour whose name begins with the same letters is no part of it.
    const std::string other = root().string() + "-b";
    ASSERT_EQ(hab({"studio", "new", "-r", other}).exit_code, 0);
    EXPECT_EQ(hab({"studio", "rm"}).exit_code, 0);
    EXPECT_FALSE(fs::exists(root()));
    EXPECT_TRUE(fs::exists(fs::path(other) / "etc/passwd"));
    EXPECT_TRUE(fs::exists(victim.path() / "precious"));
    EXPECT_EQ(hab({"studio", "rm"}).exit_code, 0) << "what is not there is removed already";
}

TEST_P(StudioRemoval, OpeningItAgainFollowsNoLinkLeftInside) {
    ASSERT_EQ(hab({"studio", "new"}).exit_code, 0);
    const TempDir victim;
    write_file_atomic(victim.path() / "precious", "x");
    own(victim.path());
    for (const char* name : {"bin", "etc", "usr"}) {
        fs::rename(root() / name, root() / "kept");
        fs::create_directory_symlink(victim.path(), root() / name);
        const RunResult refused = hab({"studio", "new"});
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_THAT(refused.err,
                    AllOf(HasSubstr((root() / name).string()), HasSubstr("is not a directory"),
                          HasSubstr("hab studio rm")));
        EXPECT_EQ(std::distance(fs::directory_iterator(victim.path()), {}), 1) << name;
        fs::remove(root() / name);
        fs::rename(root() / "kept", root() / name);
    }
    EXPECT_EQ(hab({"studio", "new"}).exit_code, 0);
}

TEST_P(StudioRemoval, ABuildWritesAndRemovesNothingWhereThePlansLinksLead) {
    const TempDir victim;
    const fs::path release = victim.path() / "20200101000000";
    make_directories(release);
    own(victim.path());
    own(release);
    write_file_atomic(victim.path() / "keys", "precious");
    write_file_atomic(release / "precious", "x");
    file("keys", "the plan's");
    const std::string sources = "pkg_source=file://" + (source() / "keys").string() +
                                "\npkg_filename=x/keys\ndo_verify() { return 0; }\n"
                                "do_unpack() { return 0; }\n";
    const std::map<std::string, std::string> date = {{"SOURCE_DATE_EPOCH", "1577836800"}};
    plan(sources + "do_before() { ln -s " + victim.path().string() +
         " \"$HAB_CACHE_SRC_PATH/x\"; }\n");
    const RunResult built = build(date);
    EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(read_file(victim.path() / "keys"), "precious");

    plan("do_before() { ln -s " + victim.path().string() + " \"${pkg_prefix%/*}\"; }\n");
    const RunResult refused = build(date);
    EXPECT_EQ(refused.exit_code, 1) << refused.out;
    EXPECT_THAT(refused.err, HasSubstr("is not a directory"));
    EXPECT_TRUE(fs::exists(release / "precious"));
}

TEST_P(StudioRemoval, RefusesWhatIsNoStudioAndWhatIsInUse) {
    const fs::path other = home() / "work";
    make_directories(other);
    own(other);
    write_file_atomic(other / "mine", "mine");
    for (const char* command : {"new", "rm"}) {
        const RunResult refused = hab({"studio", command, "-r", other.string()});
        EXPECT_EQ(refused.exit_code, 2) << refused.err;
        EXPECT_THAT(refused.err, HasSubstr("holds something else"));
    }
    EXPECT_EQ(read_file(other / "mine"), "mine");
    EXPECT_EQ(hab({"studio", "new", "-r", "/"}).exit_code, 2);

    Background shell(words({"studio", "run", "touch /src/up; read -r line </dev/zero; sleep 500"}),
                     options());
    ASSERT_TRUE(eventually([&] { return fs::exists(source() / "up"); })) << shell.output();
    const RunResult busy = hab({"studio", "rm"});
    EXPECT_EQ(busy.exit_code, 1);
    EXPECT_THAT(busy.err, HasSubstr("is in use by another program"));
    plan("");
    const RunResult build_there = build();
    EXPECT_EQ(build_there.exit_code, 1);
    EXPECT_THAT(build_there.err, HasSubstr("is in use by another program"));
    EXPECT_TRUE(fs::exists(root() / "etc/passwd"));
}

TEST_P(StudioRemoval, OddPlacesWorkOrSayWhyNot) {
    const fs::path deep = home() / std::string(100, 'd') / std::string(100, 'e');
    const RunResult far = hab({"studio", "run", "-r", deep.string(), "echo far"});
    EXPECT_EQ(far.out, "far\n") << far.err;
    EXPECT_EQ(hab({"studio", "rm", "-r", deep.string()}).exit_code, 0);
    EXPECT_FALSE(fs::exists(deep));

    const fs::path frozen = home() / "frozen";
    make_directories(frozen);
    ASSERT_EQ(::mount("none", frozen.c_str(), "tmpfs", MS_RDONLY, nullptr), 0);
    const RunResult read_only = hab({"studio", "new", "-r", (frozen / "studio").string()});
    EXPECT_EQ(read_only.exit_code, 1);
    EXPECT_THAT(read_only.err,
                AllOf(HasSubstr((frozen / "studio").string()), HasSubstr("Read-only file system")));

    ASSERT_EQ(::umount(frozen.c_str()), 0);

    const fs::path small = home() / "small";
    make_directories(small);
    const SmallDisk disk(small, 16 * 1024);
    own(small);
    const RunResult full = hab({"studio", "new", "-r", (small / "studio").string()});
    EXPECT_EQ(full.exit_code, 1) << full.out;
    EXPECT_THAT(full.err, HasSubstr("No space left on device"));
    const RunResult gone = hab({"studio", "rm", "-r", (small / "studio").string()});
    EXPECT_EQ(gone.exit_code, 0) << gone.err;
    EXPECT_FALSE(fs::exists(small / "studio"));
}

INSTANTIATE_TEST_SUITE_P(Backend, StudioRemoval, ::testing::ValuesIn(backends_under_test()),
                         [](const auto& backend) { return backend.param; });

}  // namespace
}  // namespace hab::test
