// SPDX-License-Identifier: Apache-2.0
// The orders in which a plan sees its dependencies.
#include "build/dependencies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DependencyOrder : public ::testing::Test {
protected:
    /// An installed core/NAME; `tdeps` are names, the first `direct` of them direct.
    void installed(const std::string& name, const std::vector<std::string>& tdeps = {},
                   std::size_t direct = 9, const std::string& release = "1") {
        const fs::path dir = temp_.path() / "hab/pkgs/core" / name / "1" / stamp(release);
        make_directories(dir);
        std::string deps;
        std::string all;
        for (std::size_t i = 0; i < tdeps.size(); ++i) {
            const std::string line =
                tdeps[i].find('/') == std::string::npos
                    ? "core/" + tdeps[i] + "/1/" + stamp("1") + "\n"
                    : "core/" + replace_all(tdeps[i], "/", "/1/2000010100000") + "\n";
            all += line;
            if (i < direct) deps += line;
        }
        write_file_atomic(dir / "TDEPS", all);
        write_file_atomic(dir / "DEPS", deps);
        write_file_atomic(dir / "TARGET", "x86_64-linux\n");
    }
    static std::string stamp(const std::string& release) { return "2000010100000" + release; }
    Dependencies resolve(const std::vector<std::string>& build,
                         const std::vector<std::string>& run) {
        const Paths paths(temp_.path());
        const Resolver resolver(package::InstalledPackages(paths), crypto::KeyCache::from(paths),
                                {}, false, [](const package::Ident&) {});
        return Dependencies::resolve(resolver, build, run);
    }
    static std::vector<std::string> names(const Packages& packages) {
        std::vector<std::string> out;
        for (const package::Ident& ident : idents_of(packages))
            out.push_back(ident.name);
        return out;
    }
    TempDir temp_;
};

TEST_F(DependencyOrder, DirectOnesComeAsDeclaredBuildBeforeRun) {
    for (const char* name : {"a", "b", "c", "d"})
        installed(name);
    const Dependencies deps = resolve({"core/c", "core/a"}, {"core/d", "core/b", "core/a"});
    EXPECT_THAT(names(deps.build), ElementsAre("c", "a"));
    EXPECT_THAT(names(deps.run), ElementsAre("d", "b", "a"));
    EXPECT_THAT(names(deps.direct), ElementsAre("c", "a", "d", "b"));
}

TEST_F(DependencyOrder, WhatIsNeededFollowsWhatNeedsIt) {
    installed("glibc");
    installed("zlib", {"glibc"});
    installed("openssl", {"zlib", "glibc"});
    installed("tool", {"glibc"});
    const Dependencies deps = resolve({"core/tool"}, {"core/glibc", "core/openssl", "core/zlib"});
    EXPECT_THAT(names(deps.run), ElementsAre("glibc", "openssl", "zlib"));
    // Each entry that comes again moves to the end.
    EXPECT_THAT(names(deps.run_all), ElementsAre("openssl", "zlib", "glibc"));
    EXPECT_THAT(names(deps.build_all), ElementsAre("tool", "glibc"));
    // Build, run, then the rest of both.
    EXPECT_THAT(names(deps.all), ElementsAre("tool", "glibc", "openssl", "zlib"));
}

TEST_F(DependencyOrder, TwoReleasesAreRefusedAtRunTimeAndShownAsATree) {
    installed("base", {}, 9, "1");
    installed("base", {}, 9, "2");
    installed("one", {"base/1"});
    installed("two", {"base/2"});
    EXPECT_THAT(names(resolve({"core/one", "core/two"}, {}).build_all),
                ElementsAre("one", "two", "base", "base"));
    try {
        static_cast<void>(resolve({}, {"core/one", "core/two"}));
        FAIL() << "no error";
    } catch (const BuildError& error) {
        EXPECT_EQ(error.exit_code(), 31);
        EXPECT_THAT(error.message(), HasSubstr("core/one/1/20000101000001\n"
                                               "    core/base/1/20000101000001 (*)\n"
                                               "core/two/1/20000101000001\n"
                                               "    core/base/1/20000101000002 (*)"));
    }
}

TEST_F(DependencyOrder, WhatIsNotInstalledIsNamed) {
    try {
        static_cast<void>(resolve({}, {"core/none"}));
        FAIL() << "no error";
    } catch (const BuildError& error) {
        EXPECT_EQ(error.exit_code(), 1);
        EXPECT_THAT(error.message(), HasSubstr("cannot resolve the dependency 'core/none'"));
    }
}

}  // namespace
}  // namespace hab::build
