// SPDX-License-Identifier: Apache-2.0
#include "package/installed.hpp"

#include <sys/stat.h>

#include "package/ordering.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InstalledTest : public PackageTest {
protected:
    fs::path put(std::string_view text, std::string_view target = Target::active().name()) {
        const fs::path dir = store_.dir_of(ident(text));
        fs::create_directories(dir);
        if (!target.empty()) write_metafile(dir, metafile::target, target);
        return dir;
    }
    static std::vector<std::string> texts(const std::vector<Ident>& idents) {
        std::vector<std::string> list;
        for (const Ident& i : idents)
            list.push_back(i.to_string());
        return list;
    }
};

TEST_F(InstalledTest, EmptyStoreHasNothing) {
    EXPECT_THAT(store_.list(), IsEmpty());
    EXPECT_FALSE(store_.find(ident("core/a")));
    const Error error = error_of([&] { (void)store_.load(ident("core/a")); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("the package 'core/a' is not installed"));
    EXPECT_THAT(error.hint(), HasSubstr("hab pkg install"));
}

TEST_F(InstalledTest, ListsWhatIsThereForThisTarget) {
    put("core/b/1.9/20260101000000");
    put("core/b/1.10/20260101000000");
    put("acme/a/1/20260101000000");
    put("core/c/1/20260101000000", "x86_64-windows");
    put("core/d/1/20260101000000", "");
    fs::create_directories(store_.paths().pkgs() / "core/b/1.9/.hab-pkg-install-1-x");
    write_metafile(store_.paths().pkgs() / "core/b/1.9/.hab-pkg-install-1-x", metafile::target,
                   Target::active().name());
    write_file_atomic(store_.paths().pkgs() / "core" / "stray", "x");
    EXPECT_THAT(texts(store_.list()),
                ElementsAre("acme/a/1/20260101000000", "core/b/1.9/20260101000000",
                            "core/b/1.10/20260101000000"));
    EXPECT_THAT(texts(store_.list_origin("acme")), ElementsAre("acme/a/1/20260101000000"));
    EXPECT_THAT(texts(store_.list_matching(ident("core/b/1.9"))),
                ElementsAre("core/b/1.9/20260101000000"));
    EXPECT_EQ(store_.load(ident("core/b")).ident().version, "1.10");
    EXPECT_FALSE(store_.has(ident("core/c/1/20260101000000")));
}

TEST_F(InstalledTest, ManyNamesAreListedInOrder) {
    std::vector<Ident> expected;
    for (int i = 0; i < 100; ++i) {
        for (const char* version : {"1.2", "1.10", "1.10.0", "2.0-rc1"}) {
            const std::string text =
                "core/name" + std::to_string(i) + "/" + version + "/20260101000000";
            put(text);
            expected.push_back(ident(text));
        }
    }
    sort_by_parts(expected);
    EXPECT_EQ(store_.list(), expected);
}

TEST_F(InstalledTest, HiddenNamesAreNoReleasesEvenWhenAskedFor) {
    const std::string hidden = "core/a/1/.hab-pkg-install-20260101000000-x";
    put(hidden);
    EXPECT_THAT(store_.list_matching(ident(hidden)), IsEmpty());
    EXPECT_FALSE(store_.has(ident(hidden)));
}

TEST_F(InstalledTest, AFifoDoesNotMakeListsWait) {
    const fs::path dir = put("core/a/1/20260101000000", "");
    ASSERT_EQ(::mkfifo((dir / metafile::target).c_str(), 0644), 0);
    put("core/b/1/20260101000000");
    EXPECT_THAT(texts(store_.list()), ElementsAre("core/b/1/20260101000000"));
}

TEST_F(InstalledTest, WhatCannotBeReadIsNamed) {
    const fs::path dir = put("core/a/1/20260101000000", "");
    fs::create_directories(dir / metafile::target);
    const Error error = error_of([&] { (void)store_.list(); });
    EXPECT_THAT(error.message(), HasSubstr("cannot read '" + (dir / metafile::target).string()));
}

TEST_F(InstalledTest, PackageKnowsItsProgramsAndWhetherItRuns) {
    const fs::path dir = put("core/a/1/20260101000000");
    write_metafile(dir, metafile::path,
                   "/hab/pkgs/core/a/1/20260101000000/bin:/hab/pkgs/core/other/1/2/bin");
    const auto package = store_.load(ident("core/a"));
    EXPECT_THAT(package.bin_dirs(), ElementsAre("/hab/pkgs/core/a/1/20260101000000/bin"));
    EXPECT_FALSE(package.is_runnable());
    fs::create_directories(dir / "hooks");
    write_file_atomic(dir / "hooks" / "run", "#!/bin/sh\n");
    EXPECT_TRUE(package.is_runnable());
    EXPECT_EQ(package.prefix(), "/hab/pkgs/core/a/1/20260101000000");
}

}  // namespace
}  // namespace hab::package
