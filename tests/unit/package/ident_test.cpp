// SPDX-License-Identifier: Apache-2.0
#include "package/ident.hpp"

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;

TEST(Ident, ParsesTwoToFourParts) {
    EXPECT_EQ(ident("core/nginx").to_string(), "core/nginx");
    EXPECT_EQ(ident("core/nginx/1.22.1").version, "1.22.1");
    const Ident full = ident("core/nginx/1.22.1/20260101000000");
    EXPECT_TRUE(full.fully_qualified());
    EXPECT_FALSE(ident("core/nginx/1.22.1").fully_qualified());
    EXPECT_EQ(full.relative_path(), "hab/pkgs/core/nginx/1.22.1/20260101000000");
    EXPECT_EQ(full.archive_name(*Target::find("x86_64-linux")),
              "core-nginx-1.22.1-20260101000000-x86_64-linux.hart");
}

TEST(Ident, PartsHaveNoFormOfTheirOwn) {
    const Ident odd = ident("Core/C++_Lib/v1.0~rc/whenever");
    EXPECT_EQ(odd.to_string(), "Core/C++_Lib/v1.0~rc/whenever");
    EXPECT_TRUE(odd.fully_qualified());
    EXPECT_EQ(ident("0/1/2/3").release, "3");
}

TEST(Ident, OnlyOnePackageHasAnArchive) {
    for (const char* fuzzy : {"core/nginx", "core/nginx/1.22.1"}) {
        EXPECT_EQ(error_of([&] { (void)ident(fuzzy).archive_name(Target::active()); }).code(),
                  ErrorCode::usage);
    }
}

TEST(Ident, RefusesWhatCannotBeAPath) {
    for (const char* text :
         {"", "core", "core/", "/nginx", "core//1", "a/b/c/d/e", "core/..", "./x", "core/ngi nx",
          "core/n\\x", "core/\x01", "core/\xff\xfe", "-x/y", ".a/b"}) {
        EXPECT_FALSE(Ident::try_parse(text)) << text;
    }
    EXPECT_FALSE(Ident::try_parse("core/" + std::string(256, 'x')));
}

TEST(Ident, ErrorSaysWhatIsWrongAndWhatToWrite) {
    const Error error = error_of([] { (void)Ident::parse("nginx"); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_STREQ(error.what(), "'nginx' is not a package identifier: it has 1 part");
    EXPECT_THAT(error.hint(), HasSubstr("origin/name"));
    EXPECT_THAT(error_of([] { require_fully_qualified(ident("core/nginx")); }).message(),
                HasSubstr("version and release are missing"));
}

TEST(Ident, SatisfiesWhatIsAskedFor) {
    const Ident full = ident("core/nginx/1.22.1/20260101000000");
    EXPECT_TRUE(full.satisfies(ident("core/nginx")));
    EXPECT_TRUE(full.satisfies(ident("core/nginx/1.22.1")));
    EXPECT_TRUE(full.satisfies(full));
    EXPECT_FALSE(full.satisfies(ident("core/nginx/1.22")));
    EXPECT_FALSE(full.satisfies(ident("acme/nginx")));
    EXPECT_FALSE(ident("core/nginx").satisfies(full));
}

TEST(Target, IsAClosedList) {
    for (const char* known :
         {"x86_64-darwin", "x86_64-linux", "x86_64-linux-kernel2", "x86_64-windows",
          "aarch64-darwin", "aarch64-linux", "aarch64-windows"})
        EXPECT_TRUE(Target::find(known)) << known;
    for (const char* unknown : {"", "X86_64-linux", "x86_64-Linux", "x86_64",
                                "aarch64-linux-kernel2", " x86_64-linux", "x86_64-linux "})
        EXPECT_FALSE(Target::find(unknown)) << unknown;
    EXPECT_THAT(error_of([] { (void)Target::parse("vax-vms"); }).hint(), HasSubstr("x86_64-linux"));
    EXPECT_EQ(Target::parse("x86_64-linux-kernel2").name(), "x86_64-linux-kernel2");
}

}  // namespace
}  // namespace hab::package
