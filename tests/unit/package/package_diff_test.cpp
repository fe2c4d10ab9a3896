// SPDX-License-Identifier: Apache-2.0
#include "package/package_diff.hpp"

#include <sys/stat.h>

#include "hostile/heap_meter.hpp"
#include "hostile/tar_bytes.hpp"
#include "package/artifact.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* before = "acme/app/1.0/20260101000000";
constexpr const char* after = "acme/app/1.0/20260201000000";
constexpr const char* lib = "acme/lib/1.0/20260101000000";

class PackageDiffTest : public PackageTest {
protected:
    Listing installed(const char* text) { return list_installed(store_.load(ident(text))); }
    static std::vector<std::string> paths(const PackageDiff& diff) {
        std::vector<std::string> list;
        for (const auto& file : diff.files)
            list.push_back((!file.before ? "+" : !file.after ? "-" : "~") + file.path);
        return list;
    }
};

TEST_F(PackageDiffTest, ArtifactAndItsInstalledTreeAreTheSame) {
    install_tree(ident(before), {ident(lib)});
    const fs::path hart = make_hart(ident(before), {ident(lib)});
    const Listing there = installed(before);
    const Listing packed = list_artifact(hart);
    EXPECT_EQ(packed.ident, ident(before));
    EXPECT_EQ(packed.meta, there.meta);
    EXPECT_EQ(packed.files, there.files);
    EXPECT_TRUE(diff(there, packed).same());
}

TEST_F(PackageDiffTest, TwoBuildsOfOneThingAreTheSame) {
    // PATH differs: it holds the release.
    fs::remove(install_tree(ident(before)) / "PATH");
    fs::remove(install_tree(ident(after)) / "PATH");
    EXPECT_TRUE(diff(installed(before), installed(after)).same());
}

TEST_F(PackageDiffTest, TellsFilesMetadataAndDependencies) {
    const fs::path a = install_tree(ident(before), {ident(lib)});
    const fs::path b = install_tree(ident(after), {ident("acme/lib/2.0/20260201000000")});
    write_file_atomic(a / "gone", "12345");
    write_file_atomic(b / "bin/new", "123");
    write_file_atomic(b / "bin/hello", "other", WriteOptions{.mode = 0755});
    fs::remove(b / "bin/hi");
    fs::create_symlink("new", b / "bin/hi");
    write_metafile(b, metafile::svc_user, "hab");
    const PackageDiff result = diff(installed(before), installed(after));
    EXPECT_FALSE(result.same());
    EXPECT_THAT(paths(result), ElementsAre("~bin/hello", "~bin/hi", "+bin/new", "-gone"));
    EXPECT_THAT(result.deps.removed, ElementsAre(ident(lib)));
    EXPECT_THAT(result.tdeps.added, ElementsAre(ident("acme/lib/2.0/20260201000000")));
    ASSERT_EQ(result.meta.size(), 2u);
    EXPECT_EQ(result.meta[0].name, "PATH");
    EXPECT_EQ(result.meta[1].name, "SVC_USER");
    EXPECT_EQ(result.meta[1].before, "");
    EXPECT_EQ(result.meta[1].after, "hab");
    EXPECT_NE(result.size_before, result.size_after);
}

TEST_F(PackageDiffTest, PermissionsCount) {
    install_tree(ident(before));
    const Listing old = installed(before);
    ::chmod((store_.dir_of(ident(before)) / "bin/hello").c_str(), 0700);
    EXPECT_THAT(paths(diff(old, installed(before))), ElementsAre("~bin/hello"));
}

TEST_F(PackageDiffTest, HardLinksHaveTheContentOfTheirFile) {
    RawTar tar;
    tar.package(ident(before));
    const std::string prefix = ident(before).relative_path();
    tar.file(prefix + "/data", "content").hard_link(prefix + "/same", prefix + "/data");
    const Listing listing = list_artifact(sign(tar.payload()));
    EXPECT_EQ(listing.files.at("same"), listing.files.at("data"));
}

TEST_F(PackageDiffTest, BadInput) {
    EXPECT_EQ(error_of([&] { (void)list_artifact(sign("no archive")); }).code(),
              ErrorCode::invalid_input);
    EXPECT_EQ(error_of([&] { (void)list_artifact("/nowhere.hart"); }).code(), ErrorCode::not_found);
    RawTar two;
    two.package(ident(before)).package(ident(after));
    EXPECT_THAT(error_of([&] { (void)list_artifact(sign(two.payload())); }).message(),
                HasSubstr("is not in it"));
    RawTar escape;
    escape.package(ident(before)).file("hab/pkgs/acme/app/1.0/0/\x1b[2J", "");
    EXPECT_THAT(error_of([&] { (void)list_artifact(sign(escape.payload())); }).message(),
                HasSubstr("its member 'hab/pkgs/acme/app/1.0/0/\\x1b[2J' is not in it"));
    const fs::path broken = install_tree(ident(before));
    write_file_atomic(broken / "DEPS", "not an ident\n");
    const Listing listing = installed(before);
    EXPECT_THAT(error_of([&] { (void)diff(listing, listing); }).message(),
                HasSubstr("the DEPS of 'acme/app/1.0/20260101000000'"));
}

TEST_F(PackageDiffTest, ListVerifiedRefusesOtherBytes) {
    const fs::path hart = make_hart(ident(before));
    EXPECT_NO_THROW((void)list_verified_artifact(hart, keys_));
    // A whole archive under the signature of another one.
    const fs::path tree = make_tree(ident(before));
    write_file_atomic(tree / "bin" / "hello", "#!/bin/sh\necho evil\n");
    const fs::path evil = dir_.path() / "evil.hart";
    write_hart(tree, ident(before), pair_.secret_key, evil, fast_);
    const std::size_t header = artifact_header_length(pair_.secret_key.name());
    write_file_atomic(evil, read_file(hart).substr(0, header) + read_file(evil).substr(header));
    EXPECT_NO_THROW((void)list_artifact(evil));
    const Error error = error_of([&] { (void)list_verified_artifact(evil, keys_); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("is not what was signed"));
}

TEST_F(PackageDiffTest, ListsOfStrangersTakeLittleMemory) {
    const auto refused = [&](const std::string& members) {
        const fs::path hart = sign(zstd(members + std::string(1024, '\0')));
        const hostile::HeapMeter meter;
        const Error error = error_of([&] { (void)list_artifact(hart); });
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_THAT(error.message(), HasSubstr("the names of its files need more than 32 MiB"));
        EXPECT_LE(meter.peak(), std::uint64_t{50} << 20);
    };
    std::string long_names = hostile::TarBytes().package().unfinished();
    std::string dir = std::string(hostile::evil_prefix) + "/";
    for (int i = 0; i < 16; ++i)
        dir += std::string(230, 'd') + "/";
    for (int i = 0; i < 10'000; ++i) {
        long_names +=
            hostile::TarBytes().gnu_long('L', dir + std::to_string(i)).directory("x").unfinished();
    }
    refused(long_names);
    std::string texts = hostile::TarBytes().package().unfinished();
    for (char name = 'A'; name < 'K'; ++name)
        texts += hostile::TarBytes()
                     .file(std::string(hostile::evil_prefix) + "/" + name,
                           std::string(std::size_t{4} << 20, 'x'))
                     .unfinished();
    refused(texts);
}

TEST_F(PackageDiffTest, ListVerifiedNeedsTheKey) {
    const fs::path hart = make_hart(ident(before));
    const crypto::KeyCache none(dir_.path() / "no-keys");
    EXPECT_EQ(error_of([&] { (void)list_verified_artifact(hart, none); }).code(),
              ErrorCode::crypto);
}

}  // namespace
}  // namespace hab::package
