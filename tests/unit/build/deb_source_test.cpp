// SPDX-License-Identifier: Apache-2.0
// The deb: source against an apt-get that is a script: what it is asked, and what happens when it
// lies, fails or is not there.
#include "build/deb_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "build/apt.hpp"
#include "crypto/hash.hpp"

namespace hab::build {
namespace {

using testing::HasSubstr;

template <typename Call>
Error error_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error";
    return {ErrorCode::bug, ""};
}

TEST(DebSpec, IsParsed) {
    EXPECT_EQ(parse_deb_source("deb:libc6").text(), "libc6");
    const auto pinned = parse_deb_source("deb:gawk=1:5.2.1-2+deb12u1~x");
    EXPECT_EQ(pinned.name, "gawk");
    EXPECT_EQ(pinned.version, "1:5.2.1-2+deb12u1~x");
    EXPECT_TRUE(is_deb_source("deb:libstdc++6"));
    EXPECT_FALSE(is_deb_source("https://example.org/deb:x"));
}

TEST(DebSpec, BadOnesAreRefusedBeforeAptSeesThem) {
    for (const auto* bad :
         {"deb:", "deb:x", "deb:-o=a", "deb:a/b", "deb:Upper", "deb:a b",
          "deb:zlib1g=", "deb:zlib1g=v1", "deb:zlib1g=1 2", "zlib1g", "deb:../zlib1g"}) {
        const auto error = error_of([&] { (void)parse_deb_source(bad); });
        EXPECT_EQ(error.code(), ErrorCode::invalid_input) << bad;
        EXPECT_EQ(error.message(), "'" + std::string(bad) + "' does not name a Debian package");
        EXPECT_THAT(error.hint(), HasSubstr("deb:NAME=VERSION"));
    }
}

TEST(PrintUris, OneLineIsRead) {
    const std::string hex(64, 'A');
    const auto file = parse_print_uris(
        "Reading...\n'http://h/p/a_1%2b_all.deb' a_1+_all.deb 12 SHA256:" + hex + "\n");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->file_name, "a_1+_all.deb");
    EXPECT_EQ(file->size, 12u);
    EXPECT_EQ(file->sha256, std::string(64, 'a'));
}

TEST(PrintUris, OthersAreSkipped) {
    const std::string hex(64, 'a');
    EXPECT_FALSE(parse_print_uris(""));
    EXPECT_FALSE(parse_print_uris("'u' ../a.deb 1 SHA256:" + hex));
    EXPECT_FALSE(parse_print_uris("'u' a.deb 1 MD5Sum:" + hex));
    EXPECT_FALSE(parse_print_uris("'u' a.deb many SHA256:" + hex));
    EXPECT_FALSE(parse_print_uris("'u' a.deb 1 SHA256:abc"));
}

TEST(AptResult, ReasonIsTheLastErrorLine) {
    EXPECT_EQ((AptResult{100, "", "E: first\nE: second\nW: after\n"}).reason(), "second");
    EXPECT_EQ((AptResult{100, "", "killed\n\n"}).reason(), "killed");
    EXPECT_EQ((AptResult{100, "", ""}).reason(), "no message");
}

/// A machine whose apt-get is a script that serves one package, zlib1g, from `pool`.
class DebSourceTest : public testing::Test {
protected:
    void SetUp() override {
        make_directories(dir / "bin");
        make_directories(dir / "pool");
        make_directories(dir / "apt/sources.list.d");
        write_file_atomic(dir / "apt/sources.list", "deb http://one.test stable main\n");
        write_file_atomic(dir / "apt/sources.list.d/two.sources", "Types: deb\n");
        write_file_atomic(dir / "apt/sources.list.d/notes.txt", "not a source\n");
        publish("first bytes");
        write_file_atomic(dir / "bin/apt-get", R"(#!/bin/sh
D=)" + dir.string() + R"(
echo "$*" >> $D/calls
case "$*" in
*update) [ ! -e $D/offline ] || { echo "E: no route" >&2; exit 100; }; cp $D/pool/index $D/index ;;
*--print-uris*zlib1g) cat $D/index ;;
*download*zlib1g)
    [ ! -e $D/offline ] || { echo "E: no route" >&2; exit 100; }
    cp $D/pool/*.deb . ;;
*) echo "E: Unable to locate package" >&2; exit 100 ;;
esac
)",
                          executable());
    }

    static WriteOptions executable() {
        WriteOptions options;
        options.mode = 0755;
        return options;
    }

    void publish(const std::string& bytes) const {
        const auto deb = dir / "pool/zlib1g_1_amd64.deb";
        write_file_atomic(deb, bytes);
        write_file_atomic(dir / "pool/index", "'http://one.test/z.deb' zlib1g_1_amd64.deb " +
                                                  std::to_string(bytes.size()) + " SHA256:" +
                                                  crypto::sha256_hex_of_file(deb.string()) + "\n");
    }

    [[nodiscard]] DebSource source(std::chrono::hours max_age = std::chrono::hours(24)) const {
        DebSourceOptions options;
        options.state_dir = dir / "state";
        options.apt_etc = dir / "apt";
        options.max_age = max_age;
        options.env["PATH"] = (dir / "bin").string() + ":/usr/bin:/bin";
        return DebSource(std::move(options));
    }

    [[nodiscard]] std::size_t calls(std::string_view word) const {
        const auto text = read_file_if_exists(dir / "calls").value_or("");
        std::size_t count = 0;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
            ++count;
        }
        return count;
    }

    TempDir temp{"deb-source-"};
    fs::path dir = temp.path();
    fs::path target = dir / "cache/src/zlib1g.deb";
};

TEST_F(DebSourceTest, FetchesOnceAndThenServesFromItsCache) {
    EXPECT_EQ(source().fetch({"zlib1g", {}}, target), "zlib1g_1_amd64.deb");
    EXPECT_EQ(read_file(target), "first bytes");
    fs::remove(target);
    EXPECT_EQ(source().fetch({"zlib1g", {}}, target), "zlib1g_1_amd64.deb");
    EXPECT_EQ(read_file(target), "first bytes");
    EXPECT_EQ(calls("update"), 1u);
    EXPECT_EQ(calls("download zlib1g"), 1u);
}

TEST_F(DebSourceTest, CopiesTheMachinesSourcesAndNothingElse) {
    (void)source().fetch({"zlib1g", {}}, target);
    const auto etc = dir / "state/etc";
    EXPECT_EQ(read_file(etc / "sources.list"), "deb http://one.test stable main\n");
    EXPECT_TRUE(fs::exists(etc / "sources.list.d/two.sources"));
    EXPECT_FALSE(fs::exists(etc / "sources.list.d/notes.txt"));
    const auto config = read_file(dir / "state/apt.conf");
    EXPECT_THAT(config, HasSubstr("AllowUnauthenticated \"false\""));
    EXPECT_THAT(config, HasSubstr("Dir::State \"" + (dir / "state/state").string() + "\""));
}

TEST_F(DebSourceTest, ChangedSourcesAreFollowedAndRefreshTheLists) {
    (void)source().fetch({"zlib1g", {}}, target);
    fs::remove(dir / "apt/sources.list.d/two.sources");
    (void)source().fetch({"zlib1g", {}}, target);
    EXPECT_FALSE(fs::exists(dir / "state/etc/sources.list.d/two.sources"));
    EXPECT_EQ(calls("update"), 2u);
}

TEST_F(DebSourceTest, OldListsAreRefreshedAndNewBytesFetched) {
    (void)source().fetch({"zlib1g", {}}, target);
    publish("second bytes");
    (void)source(std::chrono::hours(0)).fetch({"zlib1g", {}}, target);
    EXPECT_EQ(read_file(target), "second bytes");
}

TEST_F(DebSourceTest, OfflineUsesWhatIsThere) {
    (void)source().fetch({"zlib1g", {}}, target);
    write_file_atomic(dir / "offline", "");
    (void)source(std::chrono::hours(0)).fetch({"zlib1g", {}}, target);
    EXPECT_EQ(read_file(target), "first bytes");
}

TEST_F(DebSourceTest, OfflineFromTheStartSaysWhy) {
    write_file_atomic(dir / "offline", "");
    const auto error = error_of([&] { (void)source().fetch({"zlib1g", {}}, target); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_EQ(error.message(), "cannot refresh the Debian package lists: no route");
    EXPECT_FALSE(fs::exists(target));
}

TEST_F(DebSourceTest, UnknownPackageIsNamed) {
    const auto error = error_of([&] { (void)source().fetch({"nope", "1-2"}, target); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("cannot fetch Debian package 'nope=1-2'"));
    EXPECT_FALSE(fs::exists(target));
}

TEST_F(DebSourceTest, WrongBytesNeverArrive) {
    write_file_atomic(dir / "pool/zlib1g_1_amd64.deb", "other bytes");
    const auto error = error_of([&] { (void)source().fetch({"zlib1g", {}}, target); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("is not what the package lists say"));
    EXPECT_FALSE(fs::exists(target));
    EXPECT_FALSE(fs::exists(dir / "state/archives/zlib1g_1_amd64.deb"));
}

TEST_F(DebSourceTest, CorruptCacheIsFetchedAgain) {
    (void)source().fetch({"zlib1g", {}}, target);
    write_file_atomic(dir / "state/archives/zlib1g_1_amd64.deb", "first bytez");
    (void)source().fetch({"zlib1g", {}}, target);
    EXPECT_EQ(read_file(target), "first bytes");
}

TEST_F(DebSourceTest, WithoutAptTheSentenceSaysSo) {
    fs::remove(dir / "bin/apt-get");
    DebSourceOptions options;
    options.state_dir = dir / "state";
    options.apt_etc = dir / "apt";
    options.env["PATH"] = (dir / "bin").string();
    const auto error = error_of([&] { (void)DebSource(options).fetch({"zlib1g", {}}, target); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.message(), HasSubstr("there is no apt-get on this machine"));
}

}  // namespace
}  // namespace hab::build
