// SPDX-License-Identifier: Apache-2.0
// What payloads may look like: every compression and flavour of tar, and which names are metafiles.
#include <sys/stat.h>
#include <unistd.h>

#include "hostile/compressions.hpp"
#include "hostile/heap_meter.hpp"
#include "hostile/tar_bytes.hpp"
#include "package/hart_reader.hpp"
#include "package/install.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using hostile::TarBytes;
using ::testing::HasSubstr;

class PayloadFormatsTest : public PackageTest {
protected:
    fs::path installed(const std::string& payload) {
        const fs::path hart = sign(payload);
        EXPECT_EQ(HartInfo::read(hart).ident().to_string(), hostile::evil_ident);
        EXPECT_EQ(peek_ident(hart).to_string(), hostile::evil_ident);
        fs::remove_all(store_.paths().pkgs());
        return install_hart(hart, store_, keys_).package.dir();
    }
    const std::string p_ = hostile::evil_prefix;
};

TEST_F(PayloadFormatsTest, EveryCompression) {
    const std::string content(300'000, 'c');
    const std::string tar = TarBytes().package().file(p_ + "/f", content).tar();
    for (const char* format :
         {"xz", "zstd", "gzip", "bzip2", "lzma", "lzip", "lz4", "compress", "none"}) {
        SCOPED_TRACE(format);
        const std::string payload =
            format == std::string("none") ? tar : hostile::compress(format, tar);
        EXPECT_EQ(read_file(installed(payload) / "f"), content);
    }
}

TEST_F(PayloadFormatsTest, StreamsOneAfterAnotherAreOneContentWhereTheirToolsSaySo) {
    const std::string tar = TarBytes().package().file(p_ + "/f", "content").tar();
    for (const char* format : {"zstd", "gzip", "bzip2", "lz4"}) {
        SCOPED_TRACE(format);
        EXPECT_EQ(read_file(installed(hostile::compress(format, tar.substr(0, 1000)) +
                                      hostile::compress(format, tar.substr(1000))) /
                            "f"),
                  "content");
    }
}

TEST_F(PayloadFormatsTest, XzOfManyBlocksWithinTheMemoryOfAReader) {
    const fs::path tree = make_tree(ident("acme/big/1/2"));
    std::string content;
    for (std::uint64_t i = 0; content.size() < (18u << 20); ++i)
        content += std::to_string(i * 7919) + "\n";
    write_file_atomic(tree / "big", content, WriteOptions{.durable = false});
    HartWriteOptions options;
    options.compression = {Compression::xz, 0};
    const fs::path hart = dir_.path() / "big.hart";
    write_hart(tree, ident("acme/big/1/2"), pair_.secret_key, hart, options);
    const hostile::HeapMeter meter;
    const auto done = install_hart(hart, store_, keys_);
    EXPECT_LT(meter.peak(), std::uint64_t{50} << 20);
    EXPECT_EQ(read_file(done.package.dir() / "big"), content);
}

TEST_F(PayloadFormatsTest, XzLevelNineOnlyOnceItIsVerified) {
    HartWriteOptions options;
    options.compression = {Compression::xz, 9};
    options.threads = 1;
    const fs::path hart = dir_.path() / "nine.hart";
    write_hart(make_tree(ident("acme/nine/1/2")), ident("acme/nine/1/2"), pair_.secret_key, hart,
               options);
    const Error error = error_of([&] { (void)HartInfo::read(hart); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.message(), HasSubstr("its xz data asks for more memory than the 44 MiB"));
    EXPECT_TRUE(fs::exists(install_hart(hart, store_, keys_).package.dir() / "bin" / "hello"));
    std::string bytes = read_file(hart);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    write_file_atomic(hart, bytes);
    fs::remove_all(store_.paths().pkgs());
    EXPECT_EQ(error_of([&] { (void)install_hart(hart, store_, keys_); }).code(), ErrorCode::crypto);
}

TEST_F(PayloadFormatsTest, EveryFlavourOfTar) {
    const std::string magic_gnu("ustar  \0", 8);
    TarBytes v7;
    v7.member({.name = p_ + "/", .type = '\0', .mode = 0755, .magic = std::string(8, '\0')});
    v7.member({.name = p_ + "/IDENT", .type = '\0', .magic = std::string(8, '\0')},
              hostile::evil_ident);
    v7.member({.name = p_ + "/TARGET", .type = '\0', .magic = std::string(8, '\0')},
              hostile::active_target());
    EXPECT_TRUE(fs::exists(installed(v7.tar()) / "TARGET"));

    const std::string long_part(180, 'n');
    TarBytes gnu = TarBytes().package();
    gnu.gnu_long('L', p_ + "/" + long_part).file("cut", "g");
    gnu.member({.name = p_ + "/big-number",
                .size_field = std::string("\x80\0\0\0\0\0\0\0\0\0\0\0", 12),
                .magic = magic_gnu});
    gnu.gnu_long('K', long_part).link(p_ + "/l", "cut");
    const fs::path from_gnu = installed(gnu.tar());
    EXPECT_EQ(read_file(from_gnu / long_part), "g");
    EXPECT_EQ(fs::read_symlink(from_gnu / "l"), long_part);

    TarBytes pax = TarBytes().package();
    pax.pax({{"comment", "by git"}}, 'g');
    pax.pax({{"path", p_ + "/" + long_part},
             {"mtime", "86400.75"},
             {"uname", "x"},
             {"uid", "4321"},
             {"gid", "4321"},
             {"size", "1"}});
    pax.file("cut", "p");
    pax.member({.name = "deep/f", .prefix = p_}, "u");
    pax.member({.name = p_ + "/contiguous", .type = '7'}, "7");
    const fs::path from_pax = installed(pax.tar());
    EXPECT_EQ(read_file(from_pax / long_part), "p");
    struct stat info{};
    ASSERT_EQ(::stat((from_pax / long_part).c_str(), &info), 0);
    EXPECT_EQ(info.st_mtim.tv_sec, 86400);
    EXPECT_EQ(info.st_uid, ::geteuid()) << "the owner is not restored";
    EXPECT_EQ(info.st_gid, ::getegid());
    EXPECT_EQ(read_file(from_pax / "deep" / "f"), "u");
    EXPECT_EQ(read_file(from_pax / "contiguous"), "7");
}

TEST_F(PayloadFormatsTest, DirectoriesAboveThePackageMayBeThere) {
    TarBytes tar;
    tar.directory("hab").directory("hab/pkgs").directory("hab/pkgs/acme/");
    tar.file(p_ + "/IDENT", hostile::evil_ident).file(p_ + "/TARGET", hostile::active_target());
    EXPECT_EQ(read_file(installed(tar.tar()) / "IDENT"), hostile::evil_ident);
}

TEST_F(PayloadFormatsTest, MetafilesAreFoundAsUpstreamFindsThem) {
    const auto info_of = [this](const TarBytes& tar) { return HartInfo::read(sign(tar.tar())); };
    TarBytes mac;
    mac.file("opt/" + p_ + "/IDENT", "  " + hostile::evil_ident + "\n\n");
    mac.file("/" + p_ + "/TARGET", hostile::active_target());
    EXPECT_EQ(info_of(mac).ident().to_string(), hostile::evil_ident);
    TarBytes twice = TarBytes().package();
    twice.file(p_ + "/SVC_USER", "first").file(p_ + "/SVC_USER", "\tsecond \n");
    twice.file("./" + p_ + "/SVC_GROUP", "not found").file(p_ + "/sub/MANIFEST", "not found");
    const auto info = info_of(twice);
    EXPECT_EQ(info.metafile(metafile::svc_user), "second");
    EXPECT_TRUE(info.is_service());
    EXPECT_EQ(info.metafile(metafile::svc_group), "");
    EXPECT_EQ(info.metafile(metafile::manifest), "");
    EXPECT_THAT(error_of([&] {
                    (void)info_of(TarBytes().package().file(p_ + "/DEPS", "core/a\n"))
                        .idents(metafile::deps);
                }).message(),
                HasSubstr("'core/a' is not a fully qualified package"));
}

}  // namespace
}  // namespace hab::package
