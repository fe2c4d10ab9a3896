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
        spec.argv = {"bash", "-c",
                     "set -e; for part in ask console helpers environment version phases install "
                     "steps; do source \"" +
                         runtime_source().string() + "/$part.sh\"; done\n" + setup_ + text};
        spec.env = sandbox::current_environment();
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
    const fs::path pkg = dir_.path() / "core" / "bash" / "5.1" / "20250101000000";
    make_directories(pkg);
    write_file_atomic(pkg / "INTERPRETERS",
                      pkg.string() + "/bin/bash\n" + pkg.string() + "/bin/sh\n");
    setup_ = "HAB_PKG_PATH=$PWD; pkg_all_deps_resolved=(\"" + pkg.string() +
             "\"); pkg_deps_resolved=(\"" + pkg.string() + "\")\n";
    write_file_atomic(dir_.path() / "a.sh", "#!/usr/bin/bash -e\necho '#!/bin/bash'\n",
                      {.mode = 0755});
    write_file_atomic(dir_.path() / "b.py", "#!/usr/bin/python\n");
    const auto got = script("fix_interpreter '*.sh b.py missing' core/bash bin/bash");
    ASSERT_EQ(got.result.status.exit_code, 0) << got.err;
    EXPECT_EQ(read_file(dir_.path() / "a.sh"),
              "#!" + pkg.string() + "/bin/bash -e\necho '#!/bin/bash'\n");
    EXPECT_EQ(read_file(dir_.path() / "b.py"), "#!/usr/bin/python\n");
    EXPECT_EQ(fs::status(dir_.path() / "a.sh").permissions(), fs::perms(0755));
    EXPECT_EQ(script("fix_interpreter a.sh core/none bin/bash").result.status.exit_code, 1);
    EXPECT_EQ(script("fix_interpreter a.sh core/bash bin/perl").result.status.exit_code, 1);
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
}

TEST_F(Runtime, EnvironmentSets) {
    EXPECT_EQ(
        script(
            "PYTHONPATH=/caller; push_runtime_env PYTHONPATH /a; push_runtime_env PYTHONPATH /b\n"
            "echo ${_hab_runtime_env[PYTHONPATH]} $PYTHONPATH")
            .out,
        "/b:/a /b:/a:/caller\n");
    EXPECT_EQ(
        script("set_runtime_env HOME_DIR /x; echo $HOME_DIR ${_hab_runtime_env[HOME_DIR]}").out,
        "/x /x\n");
    const auto twice = script("set_runtime_env A 1; set_runtime_env A 2");
    EXPECT_EQ(twice.result.status.exit_code, 1);
    EXPECT_THAT(twice.out, HasSubstr("A is already '1'"));
    EXPECT_EQ(script("set_runtime_env A 1; set_runtime_env -f A 2; echo $A").out, "2\n");
    EXPECT_THAT(script("set_buildtime_env CFLAGS x").out, HasSubstr("computed by the builder"));
    EXPECT_THAT(script("HAB_ENV_X_TYPE=primitive; push_runtime_env X 1").out,
                HasSubstr("X is primitive; use set_runtime_env"));
}

TEST_F(Runtime, DependencyEnvironmentsAreLayered) {
    const auto got = script(
        "_hab_dep_runtime_env=(core/a/1/1 PYTHONPATH /a core/b/1/1 PYTHONPATH /b core/a/1/1 JAVA "
        "/a "
        "core/b/1/1 JAVA /b)\n_hab_dep_buildtime_env=()\n"
        "_hab_layer _hab_runtime_env _hab_runtime_provenance _hab_dep_runtime_env\n"
        "echo ${_hab_runtime_env[PYTHONPATH]} ${_hab_runtime_env[JAVA]}\n"
        "echo ${_hab_runtime_provenance[PYTHONPATH]}, ${_hab_runtime_provenance[JAVA]}");
    EXPECT_EQ(got.out, "/b:/a /b\ncore/b/1/1 core/a/1/1, core/b/1/1\n");
    EXPECT_THAT(got.err, HasSubstr("core/b/1/1 changes JAVA from '/a' to '/b'"));
}

}  // namespace
}  // namespace hab::build
