// SPDX-License-Identifier: Apache-2.0
// The shell helpers that plans use, evaluated by the machine's bash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_dir.hpp"
#include "sandbox/run.hpp"

namespace hab::build {
namespace {

using ::testing::HasSubstr;

fs::path runtime_source() {
    const char* source = std::getenv("HAB_TEST_SOURCE_DIR");
    return fs::path(source == nullptr ? "." : source) / "core" / "build" / "runtime";
}

class Runtime : public ::testing::Test {
protected:
    /// Output of a script that runs after the runtime's functions have been read.
    sandbox::Captured script(const std::string& text) {
        sandbox::Spec spec;
        spec.argv = {
            "bash", "-c",
            "set -e; source \"" + runtime_source().string() + "/main.sh\"\n" + setup_ + text};
        spec.env = sandbox::current_environment();
        spec.env.erase("HAB_BUILD_CONTROL");
        spec.cwd = dir_.path();
        return sandbox::run_captured(spec);
    }
    std::string setup_ =
        "HAB_PKG_PATH=/hab/pkgs HAB_CACHE_SRC_PATH=$PWD pkg_origin=acme pkg_name=app\n"
        "pkg_deps_resolved=(/hab/pkgs/core/bash/5.1/20250101000000)\n"
        "pkg_all_deps_resolved=(/hab/pkgs/core/gcc/12.2/20240101000000 "
        "/hab/pkgs/core/bash/5.1/20250101000000 /hab/pkgs/core/cacerts/2025.1/20250101000000)\n";
    TempDir dir_;
};

TEST_F(Runtime, PkgPathForComparesWholeParts) {
    for (const char* word :
         {"bash", "core/bash", "bash/5.1", "core/bash/5.1", "core/bash/5.1/20250101000000"}) {
        EXPECT_EQ(script("pkg_path_for " + std::string(word)).out,
                  "/hab/pkgs/core/bash/5.1/20250101000000\n")
            << word;
    }
    // Upstream takes the word as a regular expression over the whole ident.
    for (const char* word : {"bas", "b.sh", "12.2", "core", "acme/bash", "bash/5"}) {
        const auto got = script("pkg_path_for " + std::string(word));
        EXPECT_EQ(got.result.status.exit_code, 1) << word;
        EXPECT_THAT(got.err, HasSubstr("is not among pkg_deps and pkg_build_deps"));
    }
}

TEST_F(Runtime, FixInterpreterChangesFirstLinesOnly) {
    setup_ =
        "pkg_interpreter_for() { [[ $1 == core/bash ]] && echo /hab/pkgs/core/bash/5/1/$2; }\n";
    write_file_atomic(dir_.path() / "a.sh", "#!/usr/bin/bash -e\necho '#!/bin/bash'\n",
                      {.mode = 0755});
    write_file_atomic(dir_.path() / "b.py", "#!/usr/bin/python\n");
    fs::create_symlink("a.sh", dir_.path() / "link.sh");
    const auto got = script("fix_interpreter 'l*.sh b.py missing' core/bash bin/bash");
    ASSERT_EQ(got.result.status.exit_code, 0) << got.err;
    EXPECT_EQ(read_file(dir_.path() / "a.sh"),
              "#!/hab/pkgs/core/bash/5/1/bin/bash -e\necho '#!/bin/bash'\n");
    EXPECT_TRUE(fs::is_symlink(dir_.path() / "link.sh"));
    EXPECT_EQ(read_file(dir_.path() / "b.py"), "#!/usr/bin/python\n");
    EXPECT_EQ(fs::status(dir_.path() / "a.sh").permissions(), fs::perms(0755));
    EXPECT_EQ(script("fix_interpreter a.sh core/none bin/bash").result.status.exit_code, 1);
}

TEST_F(Runtime, SmallHelpers) {
    EXPECT_EQ(script("trim '  a b \t'").out, "a b");
    EXPECT_EQ(script("join_by , a 'b c' d").out, "a,b c,d\n");
    EXPECT_EQ(script("exists bash && ! exists no-such-program && echo yes").out, "yes\n");
    EXPECT_EQ(script("touch f; abspath f").out, dir_.path().string() + "/f\n");
    EXPECT_EQ(script("abspath nothing").result.status.exit_code, 127);
    EXPECT_EQ(script("warn careful; debug hidden").err, "   app: WARN: careful\n");
    const auto ended = script("exit_with 'no way' 55");
    EXPECT_EQ(ended.result.status.exit_code, 55);
    EXPECT_THAT(ended.out, HasSubstr("ERROR: no way"));
}

TEST_F(Runtime, UnpackFileKnowsSuffixes) {
    EXPECT_EQ(
        script("mkdir d; echo x > d/f; tar czf s.tar.gz d; rm -r d; unpack_file s.tar.gz; cat d/f")
            .out,
        "   app: Unpacking s.tar.gz\nx\n");
    const auto unknown = script("touch a.foo; unpack_file a.foo");
    EXPECT_EQ(unknown.result.status.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("no way to unpack 'a.foo'"));
    const auto missing = script("unpack_file none.tar");
    EXPECT_EQ(missing.result.status.exit_code, 1);
    EXPECT_THAT(missing.err, HasSubstr("none.tar' does not exist"));
    const auto truncated =
        script("head -c 100 /dev/zero | tr '\\0' x >t.tar.gz; unpack_file t.tar.gz");
    EXPECT_EQ(truncated.result.status.exit_code, 2);
    EXPECT_THAT(truncated.err, HasSubstr("cannot unpack 't.tar.gz': tar ended with status 2"));
}

TEST_F(Runtime, EveryArchiveKindOfUpstreamHasItsProgram) {
    const std::string stubs =
        "for p in tar bunzip2 rar gunzip unzip uncompress 7z; do\n"
        "  eval \"$p() { echo $p \\\"\\${@:1:\\$#-1}\\\"; }\"; done\n";
    const std::pair<const char*, const char*> kinds[] = {{"a.tar", "tar --no-same-owner -xf"},
                                                         {"a.tar.bz2", "tar --no-same-owner -xf"},
                                                         {"a.tbz2", "tar --no-same-owner -xf"},
                                                         {"a.tgz", "tar --no-same-owner -xf"},
                                                         {"a.xz", "tar --no-same-owner -xf"},
                                                         {"a.tar.zst", "tar --no-same-owner -xf"},
                                                         {"a.bz2", "bunzip2"},
                                                         {"a.rar", "rar x"},
                                                         {"a.gz", "gunzip"},
                                                         {"a.zip", "unzip -o"},
                                                         {"a.Z", "uncompress"},
                                                         {"a.7z", "7z x"}};
    for (const auto& [file, words] : kinds) {
        const std::string name = file;
        const auto got = script(stubs + "touch " + name + "; unpack_file " + name);
        EXPECT_THAT(got.out, HasSubstr(std::string("\n") + words)) << name << got.err;
    }
}

TEST_F(Runtime, AttachDoesNotStopABuild) {
    const auto got = script("attach; echo on");
    EXPECT_EQ(got.out, "on\n");
    EXPECT_THAT(got.err, HasSubstr("a build has no terminal"));
}

TEST_F(Runtime, NamesOfVariablesAreChecked) {
    const auto got = script("set_runtime_env 'a b' c");
    EXPECT_EQ(got.result.status.exit_code, 1);
    EXPECT_THAT(got.out, HasSubstr("set_runtime_env: 'a b' is not a variable name"));
}

}  // namespace
}  // namespace hab::build
