// SPDX-License-Identifier: Apache-2.0
#include "crypto/box_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"

namespace hab::crypto {
namespace {

using ::testing::HasSubstr;

// The keys and the text of ring-vectors.json ("signed_box").
const char* const user_secret = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
const char* const service_secret =
    "2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40";
const std::string vector_text =
    "BOX-1\nalice-20240102030405\nredis.default@acme-20240102030406\n"
    "yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f\n"
    "s4UfvjsUtxef4KPaBHnxTZhLYKeezk/6Ug6lhQCZmbUTb4M=";

class BoxMessageTest : public ::testing::Test {
protected:
    BoxMessageTest() {
        cache_.store(BoxKeyPair{user_.public_key(), secret(user_secret, user_.name())});
        cache_.store(BoxKeyPair{service_.public_key(), secret(service_secret, service_.name())});
    }
    static BoxSecretKey secret(const char* hex, const KeyName& name) {
        return {name, SecretBytes(from_hex(hex).value())};
    }
    std::string reason(const std::string& text) {
        try {
            (void)decrypt_box(text, cache_, "the configuration");
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::crypto);
            return error.message();
        }
        return "nothing was thrown";
    }
    /// The vector with one line replaced.
    static std::string with_line(std::size_t number, std::string_view line) {
        const auto lines = split(vector_text, '\n');
        std::vector<std::string> changed(lines.begin(), lines.end());
        changed.at(number) = line;
        return join(changed, "\n");
    }

    TempDir dir_;
    KeyCache cache_{dir_.path()};
    const BoxSecretKey user_ = secret(user_secret, {"alice", "20240102030405"});
    const BoxSecretKey service_ = secret(service_secret, {"redis.default@acme", "20240102030406"});
};

TEST_F(BoxMessageTest, TheVectorIsWhatWeWriteAndRead) {
    BoxNonce nonce;
    std::generate(nonce.begin(), nonce.end(),
                  [next = 0xc8]() mutable { return static_cast<std::byte>(next++); });
    EXPECT_EQ(encrypt_box(user_, service_.public_key(), "maxmemory = \"64mb\"\n", nonce),
              vector_text);
    EXPECT_EQ(decrypt_box(vector_text, cache_, "it"), "maxmemory = \"64mb\"\n");
    EXPECT_EQ(decrypt_box(replace_all(vector_text, "\n", "\r\n") + "\n", cache_, "it"),
              "maxmemory = \"64mb\"\n");
}

TEST_F(BoxMessageTest, NoncesAreNeverTheSame) {
    const auto text = [&] { return encrypt_box(user_, service_.public_key(), "plain"); };
    EXPECT_NE(text(), text());
    EXPECT_EQ(decrypt_box(text(), cache_, "it"), "plain");
    EXPECT_EQ(decrypt_box(encrypt_box(user_, service_.public_key(), ""), cache_, "it"), "");
}

TEST_F(BoxMessageTest, EachMistakeHasItsSentence) {
    EXPECT_THAT(reason(""), HasSubstr("it does not begin with the line BOX-1"));
    EXPECT_THAT(reason("port = 1"), HasSubstr("cannot decrypt the configuration: it does not"));
    EXPECT_THAT(reason("BOX-1\na"), HasSubstr("it has 2 lines instead of five"));
    EXPECT_THAT(reason(vector_text + "\nmore"), HasSubstr("it has 6 lines instead of five"));
    EXPECT_THAT(reason(with_line(1, "alice")),
                HasSubstr("'alice' is not the name and revision of a user's key"));
    EXPECT_THAT(reason(with_line(2, "../x-20240102030406")), HasSubstr("of a service's key"));
    EXPECT_THAT(reason(with_line(3, "!")), HasSubstr("its nonce is not valid base64"));
    EXPECT_THAT(reason(with_line(3, "AAAA")), HasSubstr("its nonce has 3 bytes instead of 24"));
    EXPECT_THAT(reason(with_line(4, "?")), HasSubstr("its ciphertext is not valid base64"));
    EXPECT_THAT(reason(with_line(4, "AAAA")), HasSubstr("shorter than its authentication tag"));
    EXPECT_THAT(reason(with_line(3, "zMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f")),
                HasSubstr("it was not made with the keys 'alice-20240102030405' and"));
    EXPECT_THAT(reason(with_line(1, "bob-20240102030405")),
                HasSubstr("the public key 'bob-20240102030405' is not in the key cache"));
}

TEST_F(BoxMessageTest, AKeyThatIsNoPointIsRefused) {
    const BoxPublicKey zero({"redis.default@acme", "20240102030406"}, Bytes(32));
    EXPECT_THROW((void)encrypt_box(user_, zero, "plain"), Error);
}

}  // namespace
}  // namespace hab::crypto
