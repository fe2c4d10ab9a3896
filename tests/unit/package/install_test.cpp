// SPDX-License-Identifier: Apache-2.0
#include "package/install.hpp"

#include <sys/stat.h>

#include "package/artifact.hpp"
#include "package/artifact_directory.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;

const Ident lib = ident("acme/lib/1/20260101000000");
const Ident mid = ident("acme/mid/1/20260101000000");
const Ident app = ident("acme/app/1/20260101000000");

class InstallTest : public PackageTest {
protected:
    Installer installer(std::vector<PackageSource*> sources = {}) {
        InstallOptions options;
        options.cache_artifact = false;
        options.progress = [this](InstallStep step, const Ident& i) {
            if (step == InstallStep::installed) order_.push_back(i.name);
        };
        return Installer(store_, keys_, std::move(sources), options);
    }
    /// Flips a byte of the file.
    static void damage(const fs::path& path, std::size_t from_end) {
        std::string bytes = read_file(path);
        bytes[bytes.size() - from_end] ^= 1;
        write_file_atomic(path, bytes);
    }
    std::vector<std::string> order_;
};

TEST_F(InstallTest, PutsTheTreeInPlaceWithModesAndLinks) {
    const auto done = installer().install_file(make_hart(lib));
    EXPECT_FALSE(done.was_there);
    EXPECT_EQ(done.new_packages, 1u);
    EXPECT_EQ(done.package.dir(), store_.dir_of(lib));
    EXPECT_EQ(fs::read_symlink(done.package.dir() / "bin" / "hi"), "hello");
    struct stat info{};
    ASSERT_EQ(::stat((done.package.dir() / "bin" / "hello").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0755u);
    EXPECT_EQ(info.st_mtim.tv_sec, 1767225600);
    ASSERT_EQ(::stat(done.package.dir().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0755u);
    EXPECT_TRUE(store_.has(lib));
}

TEST_F(InstallTest, SecondTimeIsANoOp) {
    const fs::path hart = make_hart(lib);
    installer().install_file(hart);
    const auto again = installer().install_file(hart);
    EXPECT_TRUE(again.was_there);
    EXPECT_EQ(again.new_packages, 0u);
}

TEST_F(InstallTest, DependenciesBesideTheFileComeFirst) {
    make_hart(lib);
    make_hart(mid, {lib});
    const auto done = installer().install_file(make_hart(app, {mid, lib}));
    EXPECT_EQ(done.new_packages, 3u);
    EXPECT_THAT(order_, ::testing::ElementsAre("lib", "mid", "app"));
}

TEST_F(InstallTest, MissingDependencyIsNamedAndNothingIsInstalled) {
    make_hart(mid, {lib});
    const fs::path hart = make_hart(app, {mid, lib});
    fs::remove(dir_.path() / "artifacts" / lib.archive_name(Target::active()));
    const Error error = error_of([&] { installer().install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("it needs acme/lib/1/20260101000000, which is neither"));
    EXPECT_TRUE(store_is_empty());
}

TEST_F(InstallTest, IdentComesFromASource) {
    make_hart(ident("acme/lib/1.9/20260101000000"));
    make_hart(ident("acme/lib/1.10/20260101000000"));
    make_hart(ident("acme/lib-extra/9/20260101000000"));
    write_file_atomic(dir_.path() / "artifacts" /
                          ("acme-lib-2-20260101000000-" + Target::active().to_string() + ".hart"),
                      "garbage");
    ArtifactDirectory source(dir_.path() / "artifacts");
    auto with_source = installer({&source});
    EXPECT_EQ(with_source.install_ident(ident("acme/lib")).package.ident().version, "1.10");
    EXPECT_TRUE(with_source.install_ident(ident("acme/lib")).was_there);
    EXPECT_EQ(with_source.install_ident(ident("acme/lib/1.9")).new_packages, 1u);
    const Error error = error_of([&] { with_source.install_ident(ident("acme/none")); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("neither installed nor found in the directory"));
}

TEST_F(InstallTest, ArtifactUnderTheNameOfAnotherIsRefused) {
    const fs::path hart = make_hart(lib);
    fs::rename(hart, hart.parent_path() / app.archive_name(Target::active()));
    ArtifactDirectory source(hart.parent_path());
    const Error error = error_of([&] { installer({&source}).install_ident(app); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("holds the package 'acme/lib/1/20260101000000', not "
                                           "'acme/app/1/20260101000000' as its name says"));
    EXPECT_TRUE(store_is_empty());
    EXPECT_EQ(installer()
                  .install_file(hart.parent_path() / app.archive_name(Target::active()))
                  .package.ident(),
              lib)
        << "a file that was named outright may be called what it wants";
}

TEST_F(InstallTest, DamagedContentIsReportedAsSuch) {
    const fs::path hart = make_hart(lib);
    damage(hart, 40);
    const Error error = error_of([&] { installer().install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("is not what was signed"));
    EXPECT_TRUE(store_is_empty());
}

TEST_F(InstallTest, TruncatedAtAnyPlace) {
    const fs::path hart = make_hart(lib);
    const std::string bytes = read_file(hart);
    for (std::size_t size = 0; size < bytes.size(); size += 37) {
        write_file_atomic(hart, bytes.substr(0, size), WriteOptions{.durable = false});
        const Error error = error_of([&] { installer().install_file(hart); });
        EXPECT_EQ(error.code(), ErrorCode::crypto) << size << " " << error.message();
        EXPECT_TRUE(store_is_empty()) << size;
    }
}

TEST_F(InstallTest, UnknownKey) {
    const fs::path hart = make_hart(lib);
    fs::remove_all(keys_.dir());
    const Error error = error_of([&] { installer().install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("the public key 'acme-20260101000000' is not in"));
    EXPECT_TRUE(store_is_empty());
}

TEST_F(InstallTest, KeyBesideTheFileIsNotTrusted) {
    const fs::path hart = make_hart(lib);
    fs::rename(keys_.dir() / "acme-20260101000000.pub",
               hart.parent_path() / "acme-20260101000000.pub");
    ArtifactDirectory beside(hart.parent_path());
    EXPECT_THROW(installer({&beside}).install_file(hart), Error);
}

TEST_F(InstallTest, SignerOfAnotherOrigin) {
    const auto tar = RawTar().package(ident("acme/lib/1/20260101000000"));
    const Error error = error_of([&] { installer().install_file(sign(tar.payload(), "mallory")); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(),
                HasSubstr("holds a package of the origin 'acme', but it is signed by"));
    EXPECT_TRUE(store_is_empty());
}

TEST_F(InstallTest, ArtifactGoesToTheCache) {
    const fs::path hart = make_hart(lib);
    Installer(store_, keys_, {}).install_file(hart);
    const fs::path cached = store_.paths().artifact_cache() / lib.archive_name(Target::active());
    EXPECT_EQ(read_file(cached), read_file(hart));
}

TEST_F(InstallTest, LeavingsOfAKilledInstallAreRemoved) {
    const fs::path stale =
        store_.dir_of(lib).parent_path() / ".hab-pkg-install-20260101000000-dead";
    fs::create_directories(stale / "bin");
    write_file_atomic(stale / "bin" / "half", "x");
    installer().install_file(make_hart(lib));
    EXPECT_FALSE(fs::exists(stale));
    EXPECT_TRUE(store_.has(lib));
}

TEST_F(InstallTest, SomethingElseInTheWay) {
    const fs::path hart = make_hart(lib);
    fs::create_directories(store_.dir_of(lib) / "precious");
    const Error error = error_of([&] { installer().install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_THAT(error.message(), HasSubstr("is in the way"));
    EXPECT_TRUE(fs::exists(store_.dir_of(lib) / "precious"));
}

TEST_F(InstallTest, FileThatIsNotThere) {
    const Error error = error_of([&] { installer().install_file(dir_.path() / "none.hart"); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("none.hart"));
}

}  // namespace
}  // namespace hab::package
