// SPDX-License-Identifier: Apache-2.0
// The scaffolding's functions by themselves, in bash with stand-ins for the builder's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

/// Runs a script after the scaffolding was loaded; stdout and stderr together.
RunResult with_scaffolding(const std::string& script) {
    const std::string prelude = R"(
set -e -E
HAB_PKG_PATH=/hab/pkgs HAB_CACHE_SRC_PATH=/nowhere pkg_deps_resolved=() pkg_prefix=$PWD/out
exists() { command -v "$1" >/dev/null; }
build_line() { :; }
warn() { echo "WARN: $*"; }
exit_with() { echo "ERROR: $1"; exit "${2:-1}"; }
source "$SCAFFOLDING"
scaffolding_deb_packages=(demo)
INITIAL_PATH=$PATH
)";
    RunOptions options;
    options.env["SCAFFOLDING"] =
        (source_dir() / "plans/scaffolding-deb/lib/scaffolding.sh").string();
    return run({"bash", "-c", prelude + "{\n" + script + "\n} 2>&1"}, options);
}

std::string output_of(const std::string& script) {
    const auto result = with_scaffolding(script);
    EXPECT_EQ(result.exit_code, 0) << result.out;
    return result.out;
}

TEST(Scaffolding, VersionsLoseWhatOnlyDebianMeans) {
    EXPECT_EQ(output_of(R"(
dpkg-deb() { echo "$v"; }
for v in 2.36-9+deb12u10 1:5.2.1-2 1:1.2.13.dfsg-1 2:6.2.1+dfsg1-1.1 3.0.22-1~deb12u2 \
    1.34+dfsg-1.2+deb12u1 1.0 2.1+ds1-3 1-2-3; do deb_version; done)"),
              "2.36\n5.2.1\n1.2.13\n6.2.1\n3.0.22\n1.34\n1.0\n2.1\n1-2\n");
}

TEST(Scaffolding, DebiansDirectoriesBecomeBinLibAndShare) {
    EXPECT_EQ(output_of(R"(
for path in /usr/bin/a /sbin/b /usr/sbin/c /lib/x86_64-linux-gnu/d /usr/lib/aarch64-linux-gnu/e/f \
    /usr/lib/g /usr/lib/gcc/x86_64-linux-gnu/12/cc1 /lib64/ld-linux-x86-64.so.2 /usr/share/h /etc/i; do _deb_map "$path"; echo "$REPLY"; done)"),
              "bin/a\nbin/b\nbin/c\nlib/d\nlib/e/f\nlib/g\nlib/gcc/x86_64-linux-gnu/12/cc1\n"
              "lib/ld-linux-x86-64.so.2\nshare/h\netc/i\n");
}

TEST(Scaffolding, LinksAreMadeRelative) {
    EXPECT_EQ(output_of(R"(
r() { _deb_relative "$1" "$2"; echo "$REPLY"; }
r bin/rbash bin/bash
r lib/libz.so lib/libz.so.1
r bin/ld.so lib/ld-linux.so
r share/a/b/c share/a/d/e
r a lib/b
_deb_normalize /usr/lib/x/../../../lib/./y; echo "$REPLY")"),
              "bash\nlibz.so.1\n../lib/ld-linux.so\n../d/e\nlib/b\n/lib/y\n");
}

/// Each test has a tree as dpkg-deb would unpack it, and a prefix.
class ScaffoldingTree : public testing::Test {
protected:
    void add(const std::string& path, const std::string& text, mode_t mode = 0644) const {
        make_directories((tree / path).parent_path());
        WriteOptions options;
        options.mode = mode;
        write_file_atomic(tree / path, text, options);
    }
    void link(const std::string& path, const std::string& target) const {
        make_directories((tree / path).parent_path());
        fs::create_symlink(target, tree / path);
    }
    [[nodiscard]] RunResult install(const std::string& before = {},
                                    const std::string& after = {}) const {
        make_directories(prefix);
        return with_scaffolding("tree=" + tree.string() + " pkg_prefix=" + prefix.string() + "\n" +
                                before + "\ndeb_install_tree \"$tree\" \"$pkg_prefix\"\n" + after);
    }

    TempDir temp{"scaffolding-"};
    fs::path tree = temp.path() / "tree";
    fs::path prefix = temp.path() / "prefix";
    fs::path dep = temp.path() / "dep";
};

TEST_F(ScaffoldingTree, FilesAndLinksArrive) {
    add("usr/sbin/tool", "tool", 0755);
    add("lib/x86_64-linux-gnu/libx.so.1.2", "lib");
    link("lib/x86_64-linux-gnu/libx.so.1", "libx.so.1.2");
    link("usr/lib/x86_64-linux-gnu/libx.so", "/lib/x86_64-linux-gnu/libx.so.1");
    link("lib64/libx.so.1.2", "/lib/x86_64-linux-gnu/libx.so.1.2");
    add("usr/share/man/man1/tool.1", "manual");
    add("etc/tool/one.conf", "one");
    add("etc/tool/two.conf", "two");
    link("usr/share/man-link", "man/man1/tool.1");
    const auto result = install("scaffolding_deb_keep=('etc/tool/o*')");
    ASSERT_EQ(result.exit_code, 0) << result.out;
    EXPECT_EQ(read_file(prefix / "bin/tool"), "tool");
    EXPECT_EQ(read_link(prefix / "lib/libx.so"), "libx.so.1");
    EXPECT_EQ(read_link(prefix / "lib/libx.so.1"), "libx.so.1.2");
    EXPECT_EQ(read_file(prefix / "lib/libx.so"), "lib");
    EXPECT_TRUE(fs::exists(prefix / "etc/tool/one.conf"));
    EXPECT_FALSE(fs::exists(prefix / "etc/tool/two.conf"));
    EXPECT_FALSE(fs::exists(prefix / "share"));
}

TEST_F(ScaffoldingTree, LinksIntoDependenciesAreAbsolute) {
    make_directories(dep / "share/data");
    link("usr/share/demo", "/usr/share/data");
    const auto result = install("pkg_deps_resolved=(" + dep.string() + ")");
    ASSERT_EQ(result.exit_code, 0) << result.out;
    EXPECT_EQ(read_link(prefix / "share/demo"), dep / "share/data");
}

TEST_F(ScaffoldingTree, LinkToNowhereEndsTheBuild) {
    link("usr/lib/libgone.so", "libgone.so.1");
    const auto result = install();
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("ERROR: The link lib/libgone.so leads to lib/libgone.so.1, "
                                      "which is neither here nor in pkg_deps"));
}

TEST_F(ScaffoldingTree, TwoFilesForOnePlaceEndTheBuild) {
    add("bin/tool", "one", 0755);
    add("usr/sbin/tool", "two", 0755);
    const auto result = install();
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("Two files of demo would both become bin/tool"));
}

TEST_F(ScaffoldingTree, ScriptsNameInterpretersOfPackages) {
    make_directories(dep / "bin");
    fs::copy_file("/bin/sh", dep / "bin/sh");
    add("usr/bin/one", "#! /bin/sh -e\nexit\n", 0755);
    add("usr/bin/two", "#!/usr/bin/env sh\nexit\n", 0755);
    add("usr/share/demo/sourced", "#!/usr/bin/perl\n", 0644);
    const auto result =
        install("pkg_deps_resolved=(" + dep.string() + ")", "deb_relocate \"$pkg_prefix\"");
    ASSERT_EQ(result.exit_code, 0) << result.out;
    EXPECT_EQ(read_file(prefix / "bin/one"), "#!" + dep.string() + "/bin/sh -e\nexit\n");
    EXPECT_EQ(read_file(prefix / "bin/two"), "#!" + dep.string() + "/bin/sh\nexit\n");
}

TEST_F(ScaffoldingTree, ScriptWithoutInterpreterEndsTheBuild) {
    add("usr/bin/one", "#!/usr/bin/perl -w\n", 0755);
    const auto result = install({}, "deb_relocate \"$pkg_prefix\"");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out,
                HasSubstr("ERROR: bin/one is a script for perl, which is not in pkg_deps"));
}

TEST_F(ScaffoldingTree, MissingLibrariesAreAllNamed) {
    add("usr/bin/tool", read_file("/bin/sh"), 0755);
    const auto result =
        install("LD_RUN_PATH=/hab/pkgs/none/lib", "deb_check_needed \"$pkg_prefix\"");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("ERROR: bin/tool needs libc.so.6, which is not in pkg_deps"));
}

TEST(BuildAll, ListsInDependencyOrderAndRefusesWhatItDoesNotKnow) {
    const auto script = (source_dir() / "plans/build-all").string();
    EXPECT_EQ(run({script, "--list", "bash"}).out, "scaffolding-deb\nglibc\nncurses\nbash\n");
    const auto unknown = run({script, "nope"});
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_EQ(unknown.err, "build-all: 'nope' is not a base package; --list shows them\n");
    EXPECT_EQ(run({script, "--nope"}).exit_code, 2);
}

TEST(BuildAll, OrderPutsEveryDependencyFirst) {
    const auto result = run({"bash", "-c", R"(
cd "$PLANS"
seen=' '
for plan in $(./build-all --list; ./build-all --list $(./build-all --more)); do
  pkg_deps=()
  source "./$plan/plan.sh"
  for dep in "${pkg_deps[@]}"; do [[ $seen == *" ${dep#core/} "* ]] || echo "$plan before $dep"; done
  [[ $pkg_name == "$plan" && $pkg_origin == core ]] || echo "$plan is called $pkg_origin/$pkg_name"
  seen+="$plan "
done)"},
                            {.env = {{"PLANS", (source_dir() / "plans").string()}}});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace hab::test
