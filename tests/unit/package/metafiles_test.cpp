// SPDX-License-Identifier: Apache-2.0
#include "package/metafiles.hpp"

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Metafiles, WritesOneNewlineAndNothingForNothing) {
    TempDir dir;
    write_metafile(dir.path(), "A", "text\n\n");
    EXPECT_EQ(read_file(dir.path() / "A"), "text\n");
    write_metafile(dir.path(), "A", "");
    EXPECT_FALSE(fs::exists(dir.path() / "A"));
    write_metafile(dir.path(), "DEPS", {ident("core/a/1/2"), ident("core/b/1/2")});
    EXPECT_EQ(read_file(dir.path() / "DEPS"), "core/a/1/2\ncore/b/1/2\n");
}

TEST(Metafiles, ReadsTrimmedAndKeepsOrder) {
    TempDir dir;
    write_file_atomic(dir.path() / "DEPS", "\ncore/b/1/2 \n\ncore/a/1/2\n");
    write_file_atomic(dir.path() / "RUNTIME_ENVIRONMENT", "A=1=2\nB=\n");
    write_file_atomic(dir.path() / "RUNTIME_PATH", "/a:/b::/c\n");
    const Metafiles meta(dir.path());
    EXPECT_THAT(meta.idents("DEPS"), ElementsAre(ident("core/b/1/2"), ident("core/a/1/2")));
    EXPECT_THAT(meta.key_values("RUNTIME_ENVIRONMENT"),
                ElementsAre(std::pair("A", "1=2"), std::pair("B", "")));
    EXPECT_THAT(meta.path_list("RUNTIME_PATH"), ElementsAre("/a", "/b", "/c"));
    EXPECT_FALSE(meta.read("ABSENT"));
    EXPECT_EQ(meta.read_or_empty("ABSENT"), "");
}

TEST(Metafiles, BindsAndPorts) {
    EXPECT_THAT(parse_binds("database=port host\ncache=port=ignored\n", "BINDS"),
                ElementsAre(Bind{"database", {"port", "host"}}, Bind{"cache", {"port"}}));
    EXPECT_THAT(parse_ports("80 443\n", "EXPOSES"), ElementsAre(80, 443));
}

TEST(Metafiles, MalformedLinesAreNamed) {
    EXPECT_THAT(
        error_of([] { (void)parse_ident_lines("core/a/1/2\ncore/a\n", "'x/DEPS'"); }).message(),
        HasSubstr("'x/DEPS' is malformed in line 2: 'core/a' is not a fully qualified package"));
    EXPECT_THAT(error_of([] { (void)parse_key_values("A=1\nB\n", "E"); }).message(),
                HasSubstr("line 2: 'B' has no '='"));
    EXPECT_THAT(error_of([] { (void)parse_binds("nothing\n", "BINDS"); }).message(),
                HasSubstr("bind=exports"));
    EXPECT_THAT(error_of([] { (void)parse_ports("80 70000", "EXPOSES"); }).message(),
                HasSubstr("'70000' is not a port"));
    TempDir dir;
    write_file_atomic(dir.path() / "IDENT", "\xff\xfe");
    const Error error = error_of([&] { (void)Metafiles(dir.path()).read("IDENT"); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("not valid UTF-8"));
}

}  // namespace
}  // namespace hab::package
