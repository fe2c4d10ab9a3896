// SPDX-License-Identifier: Apache-2.0
#include "package/artifact.hpp"

#include <sys/stat.h>

#include <cctype>

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;

class ArtifactTest : public PackageTest {
protected:
    Error verify_text(const std::string& text) {
        const fs::path path = dir_.path() / "file.hart";
        write_file_atomic(path, text);
        return error_of([&] { (void)verify_artifact(path, keys_); });
    }
    std::string good_ = sign_text("payload", pair_.secret_key);
    std::string name_ = pair_.secret_key.name().to_string();
};

TEST_F(ArtifactTest, SignedBytesVerify) {
    const fs::path path = sign("payload");
    const auto verified = verify_artifact(path, keys_);
    EXPECT_EQ(verified.payload_hash, crypto::blake2b_hex("payload"));
    EXPECT_EQ(verified.signer.to_string(), name_);
    const auto header = read_artifact_header(path);
    EXPECT_EQ(header.length, artifact_header_length(pair_.secret_key.name()));
    EXPECT_EQ(header.signature_base64.size(), 172u);
    EXPECT_TRUE(good_.starts_with("HART-1\n" + name_ + "\nBLAKE2b\n"));
}

TEST_F(ArtifactTest, SigningAFileGivesTheSameBytesAndMode) {
    const fs::path source = dir_.path() / "source";
    const fs::path dest = dir_.path() / "dest.hart";
    write_file_atomic(source, "payload");
    sign_file(source, dest, pair_.secret_key);
    EXPECT_EQ(read_file(dest), good_);
    struct stat info{};
    ASSERT_EQ(::stat(dest.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0644u);
}

TEST_F(ArtifactTest, CrlfHeadersAreRead) {
    std::string text = good_;
    const std::size_t payload_at = text.find("\n\n") + 2;
    std::string header = text.substr(0, payload_at);
    for (std::size_t at = 0; (at = header.find('\n', at)) != header.npos; at += 2) {
        header.replace(at, 1, "\r\n");
    }
    write_file_atomic(dir_.path() / "crlf", header + text.substr(payload_at));
    EXPECT_NO_THROW((void)verify_artifact(dir_.path() / "crlf", keys_));
}

TEST_F(ArtifactTest, BlanksAroundHeaderLinesAreTrimmed) {
    const auto signature = read_artifact_header(sign("payload")).signature_base64;
    write_file_atomic(dir_.path() / "blanks",
                      " HART-1\t\n  " + name_ + " \n\tBLAKE2b\n " + signature + "  \n \t\npayload");
    EXPECT_NO_THROW((void)verify_artifact(dir_.path() / "blanks", keys_));
}

TEST_F(ArtifactTest, SignedHashMayBeInUpperCase) {
    std::string hash = crypto::blake2b_hex("payload");
    for (char& c : hash)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    write_file_atomic(dir_.path() / "upper",
                      make_artifact_header(hash, pair_.secret_key) + "payload");
    EXPECT_EQ(verify_artifact(dir_.path() / "upper", keys_).payload_hash,
              crypto::blake2b_hex("payload"));
}

TEST_F(ArtifactTest, HeaderIsReadWithoutTheKey) {
    const fs::path path = sign("payload");
    fs::remove_all(keys_.dir());
    EXPECT_EQ(read_artifact_header(path).key.to_string(), name_);
    EXPECT_THAT(error_of([&] { (void)verify_artifact(path, keys_); }).message(),
                HasSubstr("is not in the key cache"));
}

TEST_F(ArtifactTest, EveryHeaderDefectHasItsSentence) {
    const std::string start = "HART-1\n" + name_ + "\nBLAKE2b\n";
    EXPECT_THAT(verify_text("").message(), HasSubstr("it ends before the format line"));
    EXPECT_THAT(verify_text("HART-2\n").message(), HasSubstr("its format is 'HART-2'"));
    EXPECT_THAT(verify_text("HART-1\n").message(),
                HasSubstr("ends before the name of the signing"));
    EXPECT_THAT(verify_text("HART-1\nacme\n").message(),
                HasSubstr("'acme' is not the name and revision of a key"));
    EXPECT_THAT(verify_text("HART-1\n" + name_ + "\n").message(),
                HasSubstr("before the kind of hash"));
    EXPECT_THAT(verify_text("HART-1\n" + name_ + "\nSHA256\n").message(),
                HasSubstr("its hash is of the kind 'SHA256'"));
    EXPECT_THAT(verify_text(start).message(), HasSubstr("it ends before the signature"));
    EXPECT_THAT(verify_text(start + "AA!A\n").message(), HasSubstr("not valid base64"));
    EXPECT_THAT(verify_text(start + "AAAA\n").message(),
                HasSubstr("ends before the end of the header"));
    EXPECT_THAT(verify_text(start + "AAAA\nx\n").message(), HasSubstr("is not empty"));
    EXPECT_THAT(verify_text("HART-1\n\xff\xff\n").message(), HasSubstr("is not text"));
    EXPECT_THAT(verify_text(std::string(10'000, 'H')).message(), HasSubstr("does not end within"));
    EXPECT_THAT(verify_text(std::string(100, '\0')).message(), HasSubstr("it ends before"));
}

TEST_F(ArtifactTest, EveryKeyAndContentDefectHasItsSentence) {
    const std::string start = "HART-1\n" + name_ + "\nBLAKE2b\n";
    EXPECT_THAT(verify_text("HART-1\nother-20260101000000\nBLAKE2b\nAAAA\n\n").message(),
                HasSubstr("'other-20260101000000' is not in the key cache"));
    EXPECT_THAT(verify_text(start + "AAAA\n\nx").message(), HasSubstr("was not made by the key"));
    const auto not_hash = to_base64(pair_.secret_key.sign("not a hash"));
    EXPECT_THAT(verify_text(start + not_hash + "\n\nx").message(),
                HasSubstr("what was signed is not a hash"));
    const Error changed = verify_text(good_ + "x");
    EXPECT_EQ(changed.code(), ErrorCode::crypto);
    EXPECT_THAT(changed.message(), HasSubstr("is not what was signed: its BLAKE2b hash is"));
    EXPECT_THAT(verify_text(good_.substr(0, good_.size() - 1)).message(),
                HasSubstr("is not what was signed"));
    const auto other = crypto::SigningKeyPair::generate("acme", SystemClock().wall());
    std::string forged = sign_text("payload", other.secret_key);
    forged.replace(7, other.secret_key.name().to_string().size(), name_);
    EXPECT_THAT(verify_text(forged).message(), HasSubstr("was not made by the key"));
    fs::remove(keys_.dir() / (name_ + ".pub"));
    write_file_atomic(keys_.dir() / (name_ + ".pub"), "SIG-PUB-1\n" + name_ + "\n\nAAAA");
    const Error unreadable = verify_text(good_);
    EXPECT_EQ(unreadable.code(), ErrorCode::crypto);
    EXPECT_THAT(unreadable.message(), HasSubstr(name_ + ".pub"));
}

}  // namespace
}  // namespace hab::package
