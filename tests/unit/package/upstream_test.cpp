// SPDX-License-Identifier: Apache-2.0
// A real artifact and key of the original, where the machine has them.
#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "package/artifact.hpp"
#include "package/hart_reader.hpp"
#include "package/install.hpp"
#include "support/world.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

constexpr std::string_view hart_name = "happyhumans-possums-8.1.4-20160427165340-x86_64-linux.hart";

class UpstreamTest : public PackageTest {
protected:
    void SetUp() override {
        data_ = test::shared_data() / "upstream";
        HAB_REQUIRE(!test::shared_data().empty() && fs::exists(data_ / hart_name),
                    "no upstream artifact: set HAB_SHARED_DATA");
        keys_.import(read_file(data_ / "happyhumans-20160424223347.pub"), "the key");
    }
    fs::path data_;
};

TEST_F(UpstreamTest, ArtifactVerifies) {
    const auto verified = verify_artifact(data_ / hart_name, keys_);
    EXPECT_TRUE(verified.payload_hash.starts_with("0f2c5f4d"));
    EXPECT_EQ(verified.signer.to_string(), "happyhumans-20160424223347");
    EXPECT_EQ(read_artifact_header(data_ / hart_name).length, 216u);
    EXPECT_TRUE(crypto::blake2b_hex_of_file(data_ / hart_name).starts_with("74d368d3"));
}

TEST_F(UpstreamTest, EnvelopeIsLaidOutAsOursByteForByte) {
    const std::string bytes = read_file(data_ / hart_name);
    const auto header = read_artifact_header(data_ / hart_name);
    EXPECT_EQ(header.length, artifact_header_length(header.key));
    // Ed25519 is deterministic and its vectors hold (crypto/signing_test), so equal layout around
    // an equal message means equal bytes.
    const std::string ours = sign_text(bytes.substr(header.length), pair_.secret_key);
    std::string expected = ours;
    expected.replace(7, pair_.secret_key.name().to_string().size(), header.key.to_string());
    expected.replace(expected.find("BLAKE2b\n") + 8, 172, header.signature_base64);
    EXPECT_EQ(expected, bytes);
    const auto message = [](const std::string& base64) {
        const auto combined = *from_base64(base64);
        return std::string(reinterpret_cast<const char*>(combined.data()) + 64,
                           combined.size() - 64);
    };
    write_file_atomic(dir_.path() / "ours.hart", ours);
    EXPECT_EQ(message(read_artifact_header(dir_.path() / "ours.hart").signature_base64),
              message(header.signature_base64));
}

TEST_F(UpstreamTest, ArtifactTellsItsIdentity) {
    const auto info = HartInfo::read(data_ / hart_name);
    EXPECT_EQ(info.ident().to_string(), "happyhumans/possums/8.1.4/20160427165340");
    EXPECT_EQ(info.target().name(), "x86_64-linux");
    EXPECT_FALSE(info.metafile(metafile::manifest).empty());
    EXPECT_EQ(peek_ident(data_ / hart_name), info.ident());
}

TEST_F(UpstreamTest, ArtifactInstalls) {
    HAB_REQUIRE(Target::active().name() == "x86_64-linux", "the artifact is for x86_64-linux");
    const auto done = install_hart(data_ / hart_name, store_, keys_);
    EXPECT_EQ(done.package.ident().name, "possums");
    EXPECT_TRUE(fs::exists(done.package.dir() / "share" / "signme.dat"));
}

}  // namespace
}  // namespace hab::package
