// SPDX-License-Identifier: Apache-2.0
#include "package/deep_verify.hpp"

#include <sys/stat.h>

#include "base/tree.hpp"
#include "crypto/hash.hpp"
#include "hostile/heap_meter.hpp"
#include "package/artifact.hpp"
#include "package/install.hpp"
#include "package/origin_trust.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* app = "acme/app/1.0/20260101000000";

class DeepVerifyTest : public PackageTest {
protected:
    DeepVerifyTest() : dir_of_app_(install_tree(ident(app))) {
        write_file_atomic(dir_of_app_ / "big", std::string(300'000, 'b'));
        sign_files(list_of(dir_of_app_));
        OriginTrust::from(store_.paths()).trust(pair_.public_key, TrustReason::imported);
    }
    static std::string list_of(const fs::path& dir) {
        std::string text;
        walk_tree(dir, [&](const TreeEntry& entry) {
            if (S_ISREG(entry.info.st_mode) && entry.relative != "FILES")
                text += crypto::blake2b_hex_of_file(entry.path.string()) + "  /hab/pkgs/" + app +
                        "/" + entry.relative + "\n";
        });
        return text;
    }
    void sign_files(const std::string& list) {
        write_file_atomic(dir_of_app_ / "FILES", sign_text(list, pair_.secret_key));
    }
    DeepVerification verify() { return verify_deep(store_.load(ident(app)), store_, keys_); }
    std::vector<std::string> faults() {
        std::vector<std::string> texts;
        for (const Fault& fault : verify().faults)
            texts.push_back(std::string(to_string(fault.kind)) + " " + fault.path +
                            (fault.detail.empty() ? "" : ": " + fault.detail));
        return texts;
    }

    fs::path dir_of_app_;
};

TEST_F(DeepVerifyTest, WholePackage) {
    const DeepVerification result = verify();
    EXPECT_THAT(result.faults, IsEmpty());
    EXPECT_EQ(result.signer, pair_.public_key.name());
    EXPECT_EQ(result.files, 5u);  // IDENT, TARGET, PATH, bin/hello, big
    EXPECT_GT(result.bytes, 300'000u);
    EXPECT_FALSE(result.with_artifact);
}

TEST_F(DeepVerifyTest, NamesWhatIsChangedMissingAndAdded) {
    write_file_atomic(dir_of_app_ / "big", std::string(300'000, 'x'));
    fs::remove(dir_of_app_ / "bin/hello");
    write_file_atomic(dir_of_app_ / "bin/extra", "x");
    fs::remove(dir_of_app_ / "PATH");
    fs::create_directory(dir_of_app_ / "PATH");
    write_file_atomic(dir_of_app_ / "INSTALL_HOOK_STATUS", "0");
    write_file_atomic(dir_of_app_ / "MANIFEST", "written after FILES");
    EXPECT_THAT(faults(), ElementsAre("changed PATH: a directory instead of a file", "changed big",
                                      "added bin/extra", "missing bin/hello"));
}

TEST_F(DeepVerifyTest, WithoutFilesOrSignature) {
    const auto sentence = [&] { return error_of([&] { (void)verify(); }).message(); };
    const std::string list = list_of(dir_of_app_);
    fs::remove(dir_of_app_ / "FILES");
    EXPECT_THAT(sentence(), HasSubstr("it has no FILES, the signed list"));
    write_file_atomic(dir_of_app_ / "FILES", list);
    EXPECT_THAT(sentence(),
                StartsWith("'" + (dir_of_app_ / "FILES").string() + "' is not a package artifact"));
    const auto other = crypto::SigningKeyPair::generate("mallory", SystemClock().wall());
    keys_.store(other);
    write_file_atomic(dir_of_app_ / "FILES", sign_text(list, other.secret_key));
    EXPECT_THAT(sentence(), HasSubstr("of the origin 'mallory'"));
    std::string changed = sign_text(list, pair_.secret_key);
    changed[changed.size() - 3] ^= 1;
    write_file_atomic(dir_of_app_ / "FILES", changed);
    EXPECT_THAT(sentence(), HasSubstr("is not what was signed"));
}

TEST_F(DeepVerifyTest, FilesOfAnotherReleaseOrBroken) {
    const auto error = [&] { return error_of([&] { (void)verify(); }); };
    sign_files(std::string(64, 'a') + "  /hab/pkgs/acme/app/1.0/20250101000000/big\n");
    EXPECT_EQ(error().code(), ErrorCode::crypto);
    EXPECT_THAT(error().message(), HasSubstr("is that of another package"));
    sign_files("nonsense\n");
    EXPECT_EQ(error().code(), ErrorCode::invalid_input);
    EXPECT_THAT(error().message(), HasSubstr("has a line that is none: 'nonsense'"));
    sign_files("\x1b[2Jnonsense\n");
    EXPECT_THAT(error().message(), HasSubstr("has a line that is none: '\\x1b[2Jnonsense'"));
}

TEST_F(DeepVerifyTest, TheLongestListNeedsLittleMemory) {
    const std::string line = std::string(64, 'a') + "  /hab/pkgs/" + app + "/";
    std::string list = list_of(dir_of_app_);
    list.reserve(std::size_t{8} << 20);
    std::size_t count = 0;
    for (; list.size() < (std::size_t{8} << 20) - 1000; ++count)
        list += line + std::to_string(count) + "\n";
    sign_files(list);
    const hostile::HeapMeter meter;
    EXPECT_EQ(verify().faults.size(), count);
    EXPECT_LE(meter.peak(), std::uint64_t{50} << 20);  // of 64 with what a program begins with
    sign_files(list + line + std::string(1000, 'x') + "\n");
    EXPECT_THAT(error_of([&] { (void)verify(); }).message(),
                HasSubstr("FILES' is larger than the limit of 8388608 bytes"));
}

TEST_F(DeepVerifyTest, KeyThatIsNotTrusted) {
    const auto second =
        crypto::SigningKeyPair::generate("acme", SystemClock().wall() + std::chrono::hours(24));
    keys_.store(second);
    write_file_atomic(dir_of_app_ / "FILES", sign_text(list_of(dir_of_app_), second.secret_key));
    const Error error = error_of([&] { (void)verify(); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr(second.public_key.name().to_string()));
}

TEST_F(DeepVerifyTest, CachedArtifactTellsOfModesAndLinks) {
    fs::create_directories(store_.paths().artifact_cache());
    const fs::path cached =
        store_.paths().artifact_cache() / ident(app).archive_name(Target::active());
    (void)write_hart(dir_of_app_, ident(app), pair_.secret_key, cached, fast_);
    EXPECT_THAT(faults(), IsEmpty());
    EXPECT_TRUE(verify().with_artifact);
    ::chmod((dir_of_app_ / "bin/hello").c_str(), 0700);
    fs::remove(dir_of_app_ / "bin/hi");
    fs::create_symlink("/tmp/evil", dir_of_app_ / "bin/hi");
    fs::create_symlink("/tmp/evil", dir_of_app_ / "bin/more");
    fs::create_directory(dir_of_app_ / "empty");
    EXPECT_THAT(faults(), ElementsAre("mode bin/hello: 0700 instead of 0755",
                                      "changed bin/hi: leads to '/tmp/evil' instead of 'hello'",
                                      "added bin/more: a link", "added empty: a directory"));
    write_file_atomic(cached, "damaged");
    EXPECT_THAT(verify().artifact_problem, HasSubstr("is not a package artifact"));
}

}  // namespace
}  // namespace hab::package
