// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/entropy.hpp"
#include "package/artifact.hpp"
#include "package/hart_reader.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Ident hello = ident("acme/hello/1.0/20260101000000");

class HartTest : public PackageTest {
protected:
    std::string bytes_of(const HartWriteOptions& options) {
        const fs::path out = dir_.path() / "out.hart";
        write_hart(make_tree(hello), hello, pair_.secret_key, out, options);
        return read_file(out);
    }
};

TEST_F(HartTest, WhatIsWrittenVerifiesAndTellsItsMetafiles) {
    for (const Compression compression : {Compression::xz, Compression::zstd, Compression::none}) {
        HartWriteOptions options = fast_;
        options.compression.format = compression;
        const fs::path out = dir_.path() / "out.hart";
        const auto written = write_hart(make_tree(hello, {ident("core/a/1/2")}), hello,
                                        pair_.secret_key, out, options);
        EXPECT_EQ(verify_artifact(out, keys_).payload_hash, written.payload_hash);
        EXPECT_EQ(fs::file_size(out), written.size);
        const auto info = HartInfo::read(out);
        EXPECT_EQ(info.ident(), hello);
        EXPECT_THAT(info.idents(metafile::tdeps), ElementsAre(ident("core/a/1/2")));
        EXPECT_FALSE(info.is_service());
    }
}

TEST_F(HartTest, SameInputGivesTheSameBytesWhateverTheThreadsAndTimes) {
    for (const Compression compression : {Compression::xz, Compression::zstd, Compression::none}) {
        HartWriteOptions options = fast_;
        options.compression.format = compression;
        if (compression == Compression::zstd) options.compression.level = usual_zstd_level;
        options.threads = 1;
        // Larger than a zstd job and not compressible, so that several jobs exist.
        const fs::path big = dir_.path() / "trees" / hello.relative_path() / "big";
        std::string content(std::size_t{7} << 20, '\0');
        SeededEntropy(7).fill(std::as_writable_bytes(std::span(content)));
        fs::create_directories(big.parent_path());
        write_file_atomic(big, content, WriteOptions{.durable = false});
        const std::string first = bytes_of(options);
        fs::remove_all(dir_.path() / "trees");
        fs::create_directories(big.parent_path());
        write_file_atomic(big, content, WriteOptions{.durable = false});
        options.threads = 3;
        EXPECT_EQ(bytes_of(options), first);
    }
}

TEST_F(HartTest, ModificationTimesAreCutAtTheReleaseAndKeptWhenOlder) {
    const fs::path tree = make_tree(hello);
    const timespec old[2] = {{86400, 5}, {86400, 5}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (tree / "IDENT").c_str(), old, 0), 0);
    HartWriteOptions options = fast_;
    options.newest_mtime.reset();
    const fs::path out = dir_.path() / "out.hart";
    write_hart(tree, hello, pair_.secret_key, out, options);
    const auto done = [&] {
        const fs::path unpacked = dir_.path() / "unpacked";
        fs::create_directories(unpacked);
        const std::string payload = read_file(out).substr(read_artifact_header(out).length);
        write_file_atomic(dir_.path() / "payload.tar.zst", payload);
        return std::system(("tar -C " + unpacked.string() + " --zstd -xf " +
                            (dir_.path() / "payload.tar.zst").string())
                               .c_str());
    }();
    ASSERT_EQ(done, 0) << "GNU tar reads what we write";
    struct stat info{};
    const fs::path root = dir_.path() / "unpacked" / hello.relative_path();
    ASSERT_EQ(::stat((root / "IDENT").c_str(), &info), 0);
    EXPECT_EQ(info.st_mtim.tv_sec, 86400);
    ASSERT_EQ(::stat((root / "TARGET").c_str(), &info), 0);
    EXPECT_EQ(info.st_mtim.tv_sec, 1767225600) << "2026-01-01, the release";
    EXPECT_EQ(fs::read_symlink(root / "bin" / "hi"), "hello");
}

TEST_F(HartTest, NamesAreBytes) {
    const fs::path tree = make_tree(hello);
    const std::string odd = "F\xc5\x91tan\xc3\xbas\xc3\xadtv\xc3\xa1ny \xff.crt";
    const std::string deep = std::string(90, 'd') + "/" + std::string(200, 'n');
    write_file_atomic(tree / odd, "x");
    fs::create_directories(tree / std::string(90, 'd'));
    write_file_atomic(tree / deep, "y");
    const fs::path out = dir_.path() / "out.hart";
    write_hart(tree, hello, pair_.secret_key, out, fast_);
    const std::string payload = read_file(out).substr(read_artifact_header(out).length);
    write_file_atomic(dir_.path() / "payload.tar.zst", payload);
    ASSERT_EQ(std::system(("tar -C " + dir_.path().string() + " --zstd -xf " +
                           (dir_.path() / "payload.tar.zst").string())
                              .c_str()),
              0);
    EXPECT_EQ(read_file(dir_.path() / hello.relative_path() / odd), "x");
    EXPECT_EQ(read_file(dir_.path() / hello.relative_path() / deep), "y");
}

TEST_F(HartTest, MembersBeginWithTheDirectoryOfTheRelease) {
    HartWriteOptions options = fast_;
    options.compression.format = Compression::none;
    const std::string bytes = bytes_of(options);
    const std::string first = "hab/pkgs/" + hello.to_string() + "/";
    const std::string payload = bytes.substr(bytes.find("\n\n") + 2);
    EXPECT_EQ(payload.substr(0, first.size()), first);
    EXPECT_EQ(payload[first.size()], '\0');
    EXPECT_EQ(payload[156], '5') << "a directory";
}

TEST_F(HartTest, XzHasTheCheckOfUpstream) {
    HartWriteOptions options = fast_;
    options.compression = {Compression::xz, 0};
    const std::string bytes = bytes_of(options);
    const std::string start = bytes.substr(bytes.find("\n\n") + 2, 8);
    EXPECT_EQ(start, std::string("\xfd"
                                 "7zXZ\0\0\4",
                                 8))
        << "stream flags: CRC64";
}

TEST_F(HartTest, FailureLeavesNoFile) {
    const fs::path tree = make_tree(hello);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (tree / "sock").string();
    ASSERT_LT(path.size(), sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(fd);
    const fs::path out = dir_.path() / "out" / "out.hart";
    fs::create_directories(out.parent_path());
    const Error error =
        error_of([&] { (void)write_hart(tree, hello, pair_.secret_key, out, fast_); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("neither file, directory nor symbolic link"));
    EXPECT_TRUE(fs::is_empty(out.parent_path()));
}

TEST_F(HartTest, CancelledByTheProgressFunction) {
    HartWriteOptions options = fast_;
    options.progress = [](std::uint64_t) { throw Error(ErrorCode::cancelled, "stopped"); };
    const fs::path out = dir_.path() / "out.hart";
    EXPECT_EQ(error_of([&] {
                  (void)write_hart(make_tree(hello), hello, pair_.secret_key, out, options);
              }).code(),
              ErrorCode::cancelled);
    EXPECT_FALSE(fs::exists(out));
}

TEST_F(HartTest, SettingsComeFromTheEnvironment) {
    ::setenv("HAB_HART_COMPRESSION", "zstd", 1);
    EXPECT_EQ(HartWriteOptions::from_environment().compression.format, Compression::zstd);
    EXPECT_EQ(HartWriteOptions::from_environment().compression.level, 3);
    ::setenv("HAB_HART_COMPRESSION_LEVEL", "20", 1);
    EXPECT_EQ(error_of([] { (void)HartWriteOptions::from_environment(); }).code(),
              ErrorCode::usage);
    ::setenv("HAB_HART_COMPRESSION", "lzip", 1);
    EXPECT_THAT(error_of([] { (void)HartWriteOptions::from_environment(); }).message(),
                HasSubstr("'lzip'"));
    ::unsetenv("HAB_HART_COMPRESSION");
    ::unsetenv("HAB_HART_COMPRESSION_LEVEL");
    EXPECT_EQ(HartWriteOptions::from_environment().compression.format, Compression::xz);
    EXPECT_EQ(HartWriteOptions::from_environment().compression.level, 6);
}

TEST_F(HartTest, PeekFindsTheIdentWithoutReadingEverything) {
    EXPECT_EQ(peek_ident(make_hart(hello)), hello);
}

}  // namespace
}  // namespace hab::package
