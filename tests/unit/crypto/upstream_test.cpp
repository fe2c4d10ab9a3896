// SPDX-License-Identifier: Apache-2.0
// Real key files of the original, where the machine has them.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "crypto/box.hpp"
#include "crypto/signing.hpp"
#include "support/world.hpp"

namespace hab::crypto {
namespace {

class UpstreamKeys : public ::testing::Test {
protected:
    void SetUp() override {
        data_ = test::shared_data() / "upstream";
        HAB_REQUIRE(!test::shared_data().empty() && fs::exists(data_ / service_key_),
                    "no upstream keys: set HAB_SHARED_DATA");
    }
    const std::string service_key_ = "service-key-valid.default@acme-20160509181736.pub";
    fs::path data_;
};

TEST_F(UpstreamKeys, AreReadAndWrittenByteForByte) {
    const std::string service = read_file(data_ / service_key_);
    const auto key = BoxPublicKey::from_text(service, "the key");
    EXPECT_EQ(key.name().to_string(), "service-key-valid.default@acme-20160509181736");
    EXPECT_EQ(key.to_text(), trim(service));
    EXPECT_EQ(service_key_name("service-key-valid.default", "acme"), key.name().name);
    const std::string origin = read_file(data_ / "origin-key-valid-20160509190508.pub");
    EXPECT_EQ(SigningPublicKey::from_text(origin, "the key").to_text(), trim(origin));
}

}  // namespace
}  // namespace hab::crypto
