// SPDX-License-Identifier: Apache-2.0
#include "package/environment.hpp"

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class EnvironmentTest : public PackageTest {
protected:
    fs::path put(std::string_view name) {
        const Ident i = ident("core/" + std::string(name) + "/1/2");
        const fs::path dir = store_.dir_of(i);
        fs::create_directories(dir);
        write_metafile(dir, metafile::target, Target::active().name());
        write_metafile(dir, metafile::path, "/" + i.relative_path() + "/bin");
        return dir;
    }
    EnvironmentMap env_of(std::string_view name) {
        return runtime_environment(store_.load(ident("core/" + std::string(name))), store_);
    }
};

TEST_F(EnvironmentTest, RuntimePathWinsOverEverythingElse) {
    const fs::path dir = put("a");
    write_metafile(dir, metafile::runtime_path,
                   "/hab/pkgs/core/a/1/2/bin:/hab/pkgs/core/b/1/2/bin");
    write_metafile(dir, metafile::runtime_environment, "LANG=C\nPATH=/stale\n");
    EXPECT_THAT(env_of("a"),
                ElementsAre(Pair("LANG", "C"),
                            Pair("PATH", "/hab/pkgs/core/a/1/2/bin:/hab/pkgs/core/b/1/2/bin")));
}

TEST_F(EnvironmentTest, OldPackagesCollectThePathsOfTheirDependencies) {
    const fs::path dir = put("a");
    put("b");
    put("c");
    write_metafile(dir, metafile::deps, {ident("core/c/1/2")});
    write_metafile(dir, metafile::tdeps, {ident("core/b/1/2"), ident("core/c/1/2")});
    EXPECT_EQ(env_of("a")["PATH"],
              "/hab/pkgs/core/a/1/2/bin:/hab/pkgs/core/c/1/2/bin:/hab/pkgs/core/b/1/2/bin");
    fs::remove_all(store_.dir_of(ident("core/b/1/2")));
    EXPECT_THAT(error_of([&] { (void)env_of("a"); }).message(), HasSubstr("core/b/1/2"));
}

TEST_F(EnvironmentTest, PackageWithoutProgramsHasNoPath) {
    const fs::path dir = put("a");
    write_metafile(dir, metafile::path, "");
    EXPECT_FALSE(env_of("a").contains("PATH"));
}

TEST_F(EnvironmentTest, IsLaidOverTheCallers) {
    const EnvironmentMap package = {{"PATH", "/p"}, {"LANG", "C"}, {"SSL_CERT_FILE", "/p/cert"}};
    const EnvironmentMap caller = {{"PATH", "/c"}, {"HOME", "/h"}, {"SSL_CERT_FILE", "/c/cert"}};
    EXPECT_THAT(merged_environment(package, caller),
                ElementsAre(Pair("HOME", "/h"), Pair("LANG", "C"), Pair("PATH", "/p:/c"),
                            Pair("SSL_CERT_FILE", "/c/cert")));
    EXPECT_EQ(merged_environment(package, {}).at("SSL_CERT_FILE"), "/p/cert");
    EXPECT_EQ(merged_environment(package, {{"PATH", ""}}).at("PATH"), "/p");
}

TEST_F(EnvironmentTest, FindsProgramsInOrder) {
    fs::create_directories(dir_.path() / "one");
    fs::create_directories(dir_.path() / "two");
    write_file_atomic(dir_.path() / "one" / "prog", "x", WriteOptions{.mode = 0644});
    write_file_atomic(dir_.path() / "two" / "prog", "x", WriteOptions{.mode = 0755});
    const std::string list = (dir_.path() / "one").string() + "::" + (dir_.path() / "two").string();
    EXPECT_EQ(find_program("prog", list), dir_.path() / "two" / "prog");
    EXPECT_FALSE(find_program("none", list));
    EXPECT_FALSE(find_program("", list));
    EXPECT_EQ(find_program((dir_.path() / "two" / "prog").string(), ""),
              dir_.path() / "two" / "prog");
}

}  // namespace
}  // namespace hab::package
