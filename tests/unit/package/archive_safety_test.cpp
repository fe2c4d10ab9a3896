// SPDX-License-Identifier: Apache-2.0
// Archives that try to get out, or are no archives.
#include <sys/stat.h>

#include "package/hart_reader.hpp"
#include "package/install.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

const Ident evil = ident("acme/evil/1/20260101000000");

class ArchiveSafetyTest : public PackageTest {
protected:
    /// Installs what must not install; checks that nothing is left and nothing was written outside.
    Error refused(const RawTar& tar) { return refused_payload(tar.payload()); }
    Error refused_payload(const std::string& payload) {
        const fs::path hart = sign(payload);
        const Error error = error_of([&] { (void)install_hart(hart, store_, keys_); });
        EXPECT_TRUE(store_is_empty());
        EXPECT_FALSE(fs::exists(dir_.path() / "outside"));
        EXPECT_FALSE(error.hint().empty()) << error.message();
        return error;
    }
    [[nodiscard]] std::string outside() const { return (dir_.path() / "outside").string(); }
    const std::string prefix_ = evil.relative_path();
};

TEST_F(ArchiveSafetyTest, HonestRawArchiveInstalls) {
    const auto hart = sign(RawTar().package(evil).file(prefix_ + "/a/b/c", "x").payload());
    const auto done = install_hart(hart, store_, keys_);
    EXPECT_EQ(read_file(done.package.dir() / "a/b/c"), "x");
}

TEST_F(ArchiveSafetyTest, AbsoluteNames) {
    EXPECT_THAT(refused(RawTar().package(evil).file(outside(), "x")).message(),
                HasSubstr("has an absolute name"));
}

TEST_F(ArchiveSafetyTest, DotDot) {
    EXPECT_THAT(refused(RawTar().package(evil).file(prefix_ + "/../../../../../../../outside", "x"))
                    .message(),
                HasSubstr("has '..' in its name"));
    EXPECT_THAT(refused(RawTar().package(evil).file("hab/pkgs/../../outside/a/b", "x")).message(),
                HasSubstr("has '..' in its name"));
}

TEST_F(ArchiveSafetyTest, OtherPlaces) {
    EXPECT_THAT(refused(RawTar().package(evil).file("etc/passwd", "x")).message(),
                HasSubstr("lies outside hab/pkgs/"));
    EXPECT_THAT(refused(RawTar().package(evil).file("hab/pkgs/acme/other/1/20260101000000/x", "x"))
                    .message(),
                HasSubstr("lies outside the package"));
    EXPECT_THAT(refused(RawTar().package(evil).link("hab/pkgs/acme", outside())).message(),
                HasSubstr("lies outside hab/pkgs/"));
    EXPECT_THAT(refused(RawTar().package(evil).file("./" + prefix_ + "/x", "x")).message(),
                HasSubstr("lies outside hab/pkgs/"));
}

TEST_F(ArchiveSafetyTest, ThroughALink) {
    fs::create_directories(dir_.path() / "target");
    const auto absolute = refused(RawTar()
                                      .package(evil)
                                      .link(prefix_ + "/out", (dir_.path() / "target").string())
                                      .file(prefix_ + "/out/file", "x"));
    EXPECT_THAT(absolute.message(), HasSubstr("passes through 'out', which is a link"));
    const auto relative = refused(
        RawTar().package(evil).link(prefix_ + "/out", "../../..").file(prefix_ + "/out/f", "x"));
    EXPECT_THAT(relative.message(), HasSubstr("passes through 'out'"));
    EXPECT_TRUE(fs::is_empty(dir_.path() / "target"));
}

TEST_F(ArchiveSafetyTest, OverALink) {
    // Writing to the name of a link replaces the link; it is never followed.
    write_file_atomic(dir_.path() / "victim", "untouched");
    const auto hart = sign(RawTar()
                               .package(evil)
                               .link(prefix_ + "/f", (dir_.path() / "victim").string())
                               .file(prefix_ + "/f", "x")
                               .payload());
    const auto done = install_hart(hart, store_, keys_);
    EXPECT_EQ(read_file(dir_.path() / "victim"), "untouched");
    EXPECT_FALSE(fs::is_symlink(done.package.dir() / "f"));
}

TEST_F(ArchiveSafetyTest, HardLinksOutside) {
    write_file_atomic(dir_.path() / "secret", "s");
    EXPECT_THAT(
        refused(RawTar().package(evil).hard_link(prefix_ + "/s", (dir_.path() / "secret").string()))
            .message(),
        HasSubstr("outside the package"));
    EXPECT_THAT(refused(RawTar().package(evil).hard_link(prefix_ + "/s",
                                                         prefix_ + "/../../../../../../../secret"))
                    .message(),
                HasSubstr("has '..' in its name"));
    EXPECT_THAT(refused(RawTar()
                            .package(evil)
                            .link(prefix_ + "/l", (dir_.path() / "secret").string())
                            .hard_link(prefix_ + "/s", prefix_ + "/l"))
                    .message(),
                HasSubstr("which is no file of the package"));
}

TEST_F(ArchiveSafetyTest, HardLinksInsideWork) {
    const auto hart = sign(RawTar()
                               .package(evil)
                               .file(prefix_ + "/a", "x")
                               .hard_link(prefix_ + "/b/c", prefix_ + "/a")
                               .payload());
    const auto done = install_hart(hart, store_, keys_);
    EXPECT_EQ(fs::hard_link_count(done.package.dir() / "b" / "c"), 2u);
}

TEST_F(ArchiveSafetyTest, Devices) {
    for (const char type : {'3', '4', '6'}) {
        EXPECT_THAT(refused(RawTar().package(evil).special(prefix_ + "/d", type)).message(),
                    HasSubstr("is a device, a socket or a FIFO"));
    }
}

TEST_F(ArchiveSafetyTest, PackageDirectoryThatIsNone) {
    EXPECT_THAT(refused(RawTar().link(prefix_, "/etc")).message(),
                HasSubstr("should be the package's directory"));
    EXPECT_THAT(refused(RawTar().file("hab/pkgs/.acme/x/1/2/IDENT", "x")).message(),
                HasSubstr("is not the directory of one"));
}

TEST_F(ArchiveSafetyTest, SetIdBitsOnlyForRoot) {
    const auto hart = sign(RawTar().package(evil).file(prefix_ + "/su", "x", 06755).payload());
    const auto done = install_hart(hart, store_, keys_);
    struct stat info{};
    ASSERT_EQ(::stat((done.package.dir() / "su").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, ::geteuid() == 0 ? 06755u : 0755u);
}

TEST_F(ArchiveSafetyTest, PayloadsThatAreNoArchive) {
    EXPECT_THAT(refused_payload("").message(), HasSubstr("there is none"));
    EXPECT_THAT(refused_payload("plain text").message(), HasSubstr("neither a tar nor compressed"));
    EXPECT_THAT(refused_payload(zstd(std::string(4096, 'x'))).message(),
                HasSubstr("not a sound tar archive"));
    EXPECT_THAT(refused_payload(zstd(std::string(1024, '\0'))).message(),
                AnyOf(HasSubstr("nothing below hab/pkgs"), HasSubstr("not a sound tar")));
    const std::string payload = RawTar().package(evil).payload();
    EXPECT_THAT(refused_payload(payload.substr(0, payload.size() / 2)).message(),
                HasSubstr("ends in the middle of the zstd data"));
    EXPECT_THAT(refused_payload(std::string("\xfd"
                                            "7zXZ\0garbage",
                                            13))
                    .message(),
                AnyOf(HasSubstr("xz data is corrupt"), HasSubstr("middle of the xz data")));
    const std::string bomb(std::size_t{1} << 20, '\0');
    EXPECT_THAT(refused(RawTar().file("hab", bomb)).message(), HasSubstr("lies outside"));
}

TEST_F(ArchiveSafetyTest, WrongIdentOrTarget) {
    EXPECT_THAT(refused(RawTar().directory(prefix_ + "/").file(prefix_ + "/x", "y")).message(),
                HasSubstr("its IDENT says ''"));
    EXPECT_THAT(
        refused(RawTar().file(prefix_ + "/IDENT", "acme/good/1/20260101000000\n")).message(),
        HasSubstr("its IDENT says 'acme/good/1/20260101000000'"));
    const Error other = refused(
        RawTar().file(prefix_ + "/IDENT", evil.to_string()).file(prefix_ + "/TARGET", "vax-vms\n"));
    EXPECT_EQ(other.code(), ErrorCode::unsupported);
    EXPECT_THAT(other.message(), HasSubstr("is built for 'vax-vms'"));
}

TEST_F(ArchiveSafetyTest, MetafileThatIsTooLargeToRead) {
    const auto hart = sign(RawTar()
                               .package(evil)
                               .file(prefix_ + "/DEPS", std::string(max_metafile_size + 1, 'x'))
                               .payload());
    EXPECT_THAT(error_of([&] { (void)HartInfo::read(hart); }).message(),
                HasSubstr("its DEPS is too large"));
}

}  // namespace
}  // namespace hab::package
