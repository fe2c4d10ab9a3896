// SPDX-License-Identifier: Apache-2.0
#include "build/deb_import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DebImport, ReadsControlFieldsAndFiles) {
    const DebFacts facts = parse_deb_facts(
        "Package: tool\nVersion: 1:2.0-1\nPre-Depends: libc6 (>= 2.34)\n"
        "Depends: libone1 (= 1) | libone1t64, awk:any\nHomepage: https://tool.example\n"
        "Description: a \"tool\" for $5\n more: of it\n",
        "drwxr-xr-x root/root         0 2023-01-01 00:00 ./usr/bin/\n"
        "-rwxr-xr-x root/root     12345 2023-01-01 00:00 ./usr/bin/tool\n"
        "-rw-r--r-- root/root       345 2023-01-01 00:00 ./usr/lib/x86_64-linux-gnu/libt.so.1\n"
        "lrwxrwxrwx root/root         0 2023-01-01 00:00 ./usr/share/doc/tool -> tool-common\n");
    EXPECT_EQ(facts.name, "tool");
    EXPECT_EQ(facts.homepage, "https://tool.example");
    EXPECT_THAT(facts.depends,
                ElementsAre(ElementsAre("libc6"), ElementsAre("libone1", "libone1t64"),
                            ElementsAre("awk")));
    EXPECT_TRUE(facts.has_programs);
    EXPECT_TRUE(facts.has_libraries);
    EXPECT_FALSE(facts.has_headers);
    EXPECT_EQ(facts.notices_in, "tool-common");
}

/// Debian as far as these tests need it.
DebFacts small_debian(const std::string& name) {
    const std::map<std::string, DebFacts> all = {
        {"tool",
         {"tool", "a \"tool\" for $5", "", {{"libc6"}, {"gone", "liba"}, {"debconf"}}, true}},
        {"liba", {"liba", "a", "", {{"liba-data"}, {"libc6"}}, false, true}},
        {"liba-data", {"liba-data", "data", "", {{"liba"}}}},
        {"orphan", {"orphan", "o", "", {{"mail-transport-agent"}}}},
    };
    const auto found = all.find(name);
    if (found == all.end()) throw Error(ErrorCode::not_found, "no such package: " + name);
    return found->second;
}

TEST(DebImport, WritesDependenciesFirstAndCyclesTogether) {
    const auto plans = import_deb("tool", {{"libc6", "glibc"}}, small_debian);
    ASSERT_EQ(plans.size(), 2U);
    EXPECT_EQ(plans[0].name, "liba");
    EXPECT_THAT(plans[0].text, HasSubstr("scaffolding_deb_packages=(liba liba-data)\n"));
    EXPECT_THAT(plans[0].text, HasSubstr("pkg_deps=(core/glibc)\npkg_lib_dirs=(lib)\n"));
    EXPECT_EQ(plans[1].name, "tool");
    EXPECT_THAT(plans[1].text, HasSubstr("pkg_deps=(core/glibc core/liba)\npkg_bin_dirs=(bin)\n"));
    EXPECT_THAT(plans[1].text, HasSubstr(R"(pkg_description="a \"tool\" for \$5")"));
    EXPECT_THAT(plans[1].text, Not(HasSubstr("debconf")));
}

TEST(DebImport, SaysWhatCannotBe) {
    try {
        static_cast<void>(import_deb("tool", {{"tool", "toolbox"}}, small_debian));
        FAIL() << "a second plan of one package";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_THAT(error.message(), HasSubstr("'toolbox' is already made of the Debian package"));
    }
    try {
        static_cast<void>(import_deb("orphan", {}, small_debian));
        FAIL() << "a name without a package";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.message(), HasSubstr("'orphan' needs 'mail-transport-agent'"));
    }
}

TEST(DebImport, KnowsThePlansOfADirectory) {
    const TempDir dir;
    const auto plan = [&](const std::string& name, const std::string& text) {
        make_directories(dir.path() / name);
        write_file_atomic(dir.path() / name / "plan.sh", text);
    };
    plan("two",
         "pkg_scaffolding=core/scaffolding-deb\nscaffolding_deb_packages=(one=1.0 two\n  three)\n");
    plan("own", "pkg_scaffolding=core/scaffolding-deb\n");
    plan("other", "pkg_name=other\n");
    const std::map<std::string, std::string> expected = {
        {"one", "two"}, {"two", "two"}, {"three", "two"}, {"own", "own"}};
    EXPECT_EQ(known_deb_plans(dir.path()), expected);
    EXPECT_TRUE(known_deb_plans(dir.path() / "nowhere").empty());
}

}  // namespace
}  // namespace hab::build
