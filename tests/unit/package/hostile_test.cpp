// SPDX-License-Identifier: Apache-2.0
// Every archive of the corpus against every reader: nothing outside the package changes, the refusal is
// one clear sentence, nothing is left behind, and memory stays bounded.
#include "hostile/corpus.hpp"
#include "hostile/heap_meter.hpp"
#include "hostile/snapshot.hpp"
#include "hostile/tar_bytes.hpp"
#include "package/artifact.hpp"
#include "package/hart_reader.hpp"
#include "package/install.hpp"
#include "package/listing.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A program that reads archives has 14 MiB before it begins (docs/performance/package.md): together
/// at most 64.
constexpr std::uint64_t max_memory = std::uint64_t{50} << 20;
constexpr std::size_t longest_sentence = 2000;

class HostileTest : public PackageTest {
protected:
    HostileTest() {
        fs::create_directories(outside_);
        write_file_atomic(outside_ / "victim", "s3cret");
        // The first use of the module and of its libraries is not the archive's fault.
        (void)peek_ident(sign(hostile::TarBytes().package().tar()));
    }

    void try_all(const std::vector<hostile::HostileArchive>& archives) {
        ASSERT_FALSE(archives.empty());
        for (const auto& archive : archives) {
            SCOPED_TRACE(archive.name);
            try_one(archive);
        }
    }

private:
    void try_one(const hostile::HostileArchive& archive) {
        const fs::path hart = sign(archive.payload());
        const auto before = world(hart);
        {
            const hostile::HeapMeter meter;
            EXPECT_NO_THROW((void)verify_artifact(hart, keys_));
            judge([&] { (void)HartInfo::read(hart); }, archive.info, "info");
            try {
                (void)peek_ident(hart);
            } catch (const Error& error) {
                check_sentence(error);
            }
            EXPECT_LE(meter.peak(), max_memory) << "readers";
        }
        {
            const hostile::HeapMeter meter;
            try {
                (void)list_artifact(hart);
            } catch (const Error& error) {
                check_sentence(error);
            }
            EXPECT_LE(meter.peak(), max_memory) << "list_artifact";
        }
        {
            const hostile::HeapMeter meter;
            judge([&] { install(hart); }, archive.install, "install");
            EXPECT_LE(meter.peak(), max_memory) << "install";
        }
        EXPECT_EQ(hostile::difference(before, world(hart)), "");
        check_store(archive.install.empty());
        swapped(hart, archive.install.empty());
    }

    /// The same archive under the signature of another one: never installed.
    void swapped(const fs::path& hart, bool harmless) {
        const std::string honest = sign_text("honest", pair_.secret_key);
        std::string bytes = read_file(hart);
        bytes.replace(0, artifact_header_length(pair_.secret_key.name()),
                      honest.substr(0, artifact_header_length(pair_.secret_key.name())));
        write_file_atomic(hart, bytes, WriteOptions{.durable = false});
        const Error error = error_of([&] { install(hart); });
        check_sentence(error);
        EXPECT_TRUE(!harmless || error.code() == ErrorCode::crypto) << error.message();
        EXPECT_TRUE(store_is_empty());
    }

    void install(const fs::path& hart) {
        InstallOptions options;
        options.cache_artifact = false;
        Installer(store_, keys_, {}, options).install_file(hart);
    }

    template <typename Call>
    void judge(Call call, const std::string& expected, const char* reader) {
        try {
            call();
            EXPECT_EQ(expected, "") << reader << " accepted it";
        } catch (const Error& error) {
            EXPECT_NE(expected, "") << reader << ": " << error.message();
            EXPECT_THAT(error.message(), HasSubstr(expected)) << reader;
            check_sentence(error);
        }
    }

    static void check_sentence(const Error& error) {
        EXPECT_FALSE(error.hint().empty()) << error.message();
        EXPECT_LE(error.message().size(), longest_sentence);
        EXPECT_THAT(error.message(), Not(HasSubstr("s3cret")));
        for (const char c : error.message())
            EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ') << error.message();
        EXPECT_TRUE(error.code() == ErrorCode::invalid_input || error.code() == ErrorCode::crypto ||
                    error.code() == ErrorCode::unsupported)
            << to_string(error.code()) << ": " << error.message();
    }

    /// Everything of this test but the store and the artifact.
    hostile::Snapshot world(const fs::path& hart) const {
        return hostile::snapshot(dir_.path(), {store_.paths().root(), hart});
    }

    /// The store holds this one package, or nothing; then it is empty again.
    void check_store(bool accepted) {
        if (!accepted) {
            EXPECT_TRUE(store_is_empty());
            return;
        }
        const fs::path dir = store_.dir_of(Ident::parse(hostile::evil_ident));
        EXPECT_TRUE(store_.has(Ident::parse(hostile::evil_ident)));
        for (fs::path path = dir; path != store_.paths().pkgs(); path = path.parent_path()) {
            EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), {}), 1) << path;
        }
        fs::remove_all(store_.paths().pkgs());
    }

protected:
    fs::path outside_ = dir_.path() / "outside";
};

TEST_F(HostileTest, TheCorpusIsLarge) {
    EXPECT_GE(hostile::corpus("/nowhere").size(), 60u);
}

TEST_F(HostileTest, Names) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_names(all, outside_.string());
    try_all(all);
}

TEST_F(HostileTest, Links) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_links(all, outside_.string());
    try_all(all);
}

TEST_F(HostileTest, Kinds) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_kinds(all);
    try_all(all);
}

TEST_F(HostileTest, Headers) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_headers(all, outside_.string());
    try_all(all);
}

TEST_F(HostileTest, Streams) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_streams(all);
    try_all(all);
}

/// Decompressing and writing takes time: half of them each.
TEST_F(HostileTest, BombsOfZeros) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_bombs(all);
    std::erase_if(all, [](const auto& archive) { return !archive.name.ends_with("-bomb"); });
    try_all(all);
}

TEST_F(HostileTest, BombsOfMembersAndMemory) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_bombs(all);
    std::erase_if(all, [](const auto& archive) { return archive.name.ends_with("-bomb"); });
    try_all(all);
}

TEST_F(HostileTest, Metafiles) {
    std::vector<hostile::HostileArchive> all;
    hostile::add_metafiles(all, outside_.string());
    try_all(all);
}

}  // namespace
}  // namespace hab::package
