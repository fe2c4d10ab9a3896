// SPDX-License-Identifier: Apache-2.0
#include "package/binlink.hpp"

#include <sys/stat.h>

#include "support/run.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;

class BinlinkTest : public PackageTest {
protected:
    InstalledPackage installed(const std::string& text) {
        return {ident(text), install_tree(ident(text))};
    }
    [[nodiscard]] fs::path bin(const std::string& name) const {
        return store_.paths().root() / "bin" / name;
    }

    InstalledPackage package_ = installed("acme/app/1.0/20260101000000");
    const std::string prefix_ = "/hab/pkgs/acme/app/1.0/20260101000000/bin/";
};

TEST_F(BinlinkTest, LinksOneOrAllPrograms) {
    const auto one = binlink(package_, store_, "hello", {});
    ASSERT_EQ(one.size(), 1u);
    EXPECT_EQ(one[0].path, bin("hello"));
    EXPECT_EQ(read_link(bin("hello")), fs::path(prefix_ + "hello")) << "without FS_ROOT";
    const auto all = binlink(package_, store_, std::nullopt, {});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].result, BinlinkResult::unchanged);
    EXPECT_EQ(all[1].result, BinlinkResult::made);
    EXPECT_EQ(read_link(bin("hi")), fs::path(prefix_ + "hi"));
    binlink(package_, store_, "hi", {.dir = "/usr/local/bin"});
    EXPECT_TRUE(fs::is_symlink(store_.paths().root() / "usr/local/bin/hi"));
}

TEST_F(BinlinkTest, OtherLinksAreKeptUnlessForced) {
    binlink(package_, store_, "hello", {});
    const auto newer = installed("acme/app/2.0/20260101000000");
    const auto kept = binlink(newer, store_, "hello", {});
    EXPECT_EQ(kept[0].result, BinlinkResult::kept);
    EXPECT_EQ(kept[0].found, prefix_ + "hello");
    EXPECT_EQ(read_link(bin("hello")), fs::path(prefix_ + "hello"));
    EXPECT_EQ(binlink(newer, store_, "hello", {.force = true})[0].result, BinlinkResult::made);
    EXPECT_EQ(read_link(bin("hello")), fs::path(kept[0].target));
    binlink(package_, store_, "hello", {.force = true, .wrapper = true});
    EXPECT_EQ(binlink(newer, store_, "hello", {})[0].found, prefix_ + "hello") << "a wrapper, too";
    EXPECT_EQ(std::distance(fs::directory_iterator(bin("hello").parent_path()), {}), 1)
        << "no temporary files";
}

TEST_F(BinlinkTest, ForeignFilesStopEverything) {
    fs::create_directories(bin("hi").parent_path());
    write_file_atomic(bin("hi"), "#!/bin/sh\necho mine\n");
    const Error error = error_of([&] { binlink(package_, store_, std::nullopt, {.force = true}); });
    EXPECT_EQ(error.code(), ErrorCode::already_exists);
    EXPECT_THAT(error.message(), HasSubstr("bin/hi'"));
    EXPECT_THAT(error.hint(), HasSubstr("--dest"));
    EXPECT_FALSE(fs::exists(fs::symlink_status(bin("hello")))) << "nothing is half done";
    EXPECT_EQ(read_file(bin("hi")), "#!/bin/sh\necho mine\n");
}

TEST_F(BinlinkTest, UnknownProgramsAreNamed) {
    const Error error = error_of([&] { binlink(package_, store_, "none", {}); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(),
                HasSubstr("'acme/app/1.0/20260101000000' has no program 'none' in its PATH"));
    EXPECT_FALSE(fs::exists(bin("none").parent_path()));
}

TEST_F(BinlinkTest, WrapperGivesTheRuntimeEnvironment) {
    const fs::path program = dir_.path() / "show";
    write_file_atomic(program, "#!/bin/sh\necho \"$GREETING|$SSL_CERT_FILE|$PATH|$*\"\n",
                      WriteOptions{.mode = 0755});
    write_metafile(package_.dir(), metafile::runtime_environment,
                   "GREETING=it's $HOME\nSSL_CERT_FILE=/pkg/cert\n");
    write_metafile(package_.dir(), metafile::runtime_path, "/pkg/bin:/dep/bin");
    const fs::path script = dir_.path() / "wrapper";
    write_file_atomic(script, wrapper_script(package_, store_, program.string()),
                      WriteOptions{.mode = 0755});
    const test::RunOptions bare{.env = {{"PATH", "/usr/bin:/bin"}, {"SSL_CERT_FILE", ""}}};
    EXPECT_EQ(test::run({script.string(), "a b", "c"}, bare).out,
              "it's $HOME|/pkg/cert|/pkg/bin:/dep/bin:/usr/bin:/bin|a b c\n");
    const test::RunOptions own{.env = {{"SSL_CERT_FILE", "/own"}, {"PATH", "/usr/bin"}}};
    EXPECT_THAT(test::run({script.string()}, own).out, HasSubstr("|/own|"));
    write_metafile(package_.dir(), metafile::runtime_environment, "NOT-A-NAME=1\n");
    EXPECT_THAT(error_of([&] { (void)wrapper_script(package_, store_, "/x"); }).message(),
                HasSubstr("no shell can set the variable 'NOT-A-NAME'"));
}

TEST_F(BinlinkTest, WrapperAndLinkReplaceEachOther) {
    binlink(package_, store_, "hello", {.wrapper = true});
    struct stat info{};
    ASSERT_EQ(::lstat(bin("hello").c_str(), &info), 0);
    EXPECT_TRUE(S_ISREG(info.st_mode));
    EXPECT_EQ(info.st_mode & 07777, 0755u);
    EXPECT_EQ(binlink(package_, store_, "hello", {.wrapper = true})[0].result,
              BinlinkResult::unchanged);
    EXPECT_EQ(binlink(package_, store_, "hello", {})[0].result, BinlinkResult::made);
    EXPECT_TRUE(fs::is_symlink(bin("hello")));
    EXPECT_EQ(binlink(package_, store_, "hello", {.wrapper = true})[0].result, BinlinkResult::made);
    EXPECT_FALSE(fs::is_symlink(bin("hello")));
}

}  // namespace
}  // namespace hab::package
