// SPDX-License-Identifier: Apache-2.0
// Every encode vector in both directions, every decode case.
#include <gmock/gmock.h>

#include "base/bytes.hpp"
#include "conformance/ring/vectors.hpp"
#include "ring/codec/codec.hpp"
#include "ring/seal.hpp"

namespace conformance {
namespace {

using namespace hab::ring;
namespace crypto = hab::crypto;

crypto::RingKey vector_key() {
    const json::object& fields =
        ring_vectors().at("encode").at("wire_sealed_ping").at("fields").as_object();
    return {crypto::KeyName{"ring", "20240101000000"},
            crypto::SecretBytes(hab::from_hex(fields.at("key_hex").as_string()).value())};
}

Seal keyed_seal() {
    std::vector<crypto::RingKey> keys;
    keys.push_back(vector_key());
    return Seal(std::move(keys));
}

class EncodeVector : public testing::TestWithParam<const char*> {
protected:
    const json::object& vector() const {
        return ring_vectors().at("encode").at(GetParam()).as_object();
    }
    const json::object& fields() const { return vector().at("fields").as_object(); }
    std::string name() const { return GetParam(); }
};

using SwimVector = EncodeVector;
TEST_P(SwimVector, IsWhatWeWriteAndRead) {
    const std::string bytes = bytes_of(vector());
    const Swim swim = swim_of(name(), fields());
    EXPECT_EQ(encoded(swim), bytes);
    Swim read;
    ASSERT_EQ(decode_swim(bytes, read), Refusal::none);
    EXPECT_EQ(read, swim);
}
INSTANTIATE_TEST_SUITE_P(All, SwimVector,
                         testing::Values("swim_ping_with_membership", "swim_ping_on_behalf",
                                         "swim_ack", "swim_ack_forwarded", "swim_pingreq",
                                         "swim_probeping"));

using RumorVector = EncodeVector;
TEST_P(RumorVector, IsWhatWeWriteAndRead) {
    const std::string bytes = bytes_of(vector());
    const Rumor rumor = rumor_of(fields());
    EXPECT_EQ(encoded(rumor), bytes);
    Rumor read;
    ASSERT_EQ(decode_rumor(bytes, read), Refusal::none);
    EXPECT_EQ(read, rumor);
    RumorHead head;
    ASSERT_EQ(decode_rumor_head(bytes, head), Refusal::none);
    EXPECT_EQ(head.kind, rumor.kind);
}
INSTANTIATE_TEST_SUITE_P(All, RumorVector,
                         testing::Values("rumor_member", "rumor_service", "rumor_election_running",
                                         "rumor_election_finished", "rumor_election_noquorum_term0",
                                         "rumor_election_incumbent_max_suitability",
                                         "rumor_service_config", "rumor_service_file",
                                         "rumor_election_update", "rumor_departure"));

TEST(RingVectors, ABareMembershipIsWhatWeWriteAndRead) {
    const json::object& vector = ring_vectors().at("encode").at("membership_record").as_object();
    const Membership membership = membership_of(vector.at("fields").as_object());
    EXPECT_EQ(encoded(membership), bytes_of(vector));
    Membership read;
    ASSERT_EQ(decode_membership(bytes_of(vector), read), Refusal::none);
    EXPECT_EQ(read, membership);
}

std::string encode_vector(std::string_view name) {
    return bytes_of(ring_vectors().at("encode").at(name).as_object());
}

TEST(RingVectors, TheWrapperInTheClear) {
    std::string wrapped;
    Seal().wrap(encode_vector("swim_ping_with_membership"), wrapped);
    EXPECT_EQ(wrapped, encode_vector("wire_plain_ping"));
    std::string scratch;
    std::string_view payload;
    ASSERT_EQ(Seal().open(wrapped, scratch, payload), Refusal::none);
    EXPECT_EQ(payload, encode_vector("swim_ping_with_membership"));
}

TEST(RingVectors, TheWrapperSealed) {
    for (const char* const name : {"wire_sealed_ping", "wire_sealed_service"}) {
        const json::object& fields = ring_vectors().at("encode").at(name).at("fields").as_object();
        const std::string plain = encode_vector(fields.at("plaintext").as_string());
        const std::string nonce_bytes = from_hex_text(fields.at("nonce_hex").as_string());
        crypto::RingNonce nonce;
        std::copy_n(hab::as_bytes(nonce_bytes).begin(), nonce.size(), nonce.begin());
        std::string wrapped;
        keyed_seal().wrap_with(plain, nonce, wrapped);
        EXPECT_EQ(wrapped, encode_vector(name)) << name;
        std::string scratch;
        std::string_view payload;
        ASSERT_EQ(keyed_seal().open(wrapped, scratch, payload), Refusal::none);
        EXPECT_EQ(payload, plain) << name;
        EXPECT_LE(wrapped.size() - plain.size(), sealed_overhead);
    }
}

TEST(RingVectors, NoEncodeVectorIsForgotten) {
    EXPECT_EQ(ring_vectors().at("encode").as_object().size(), 6u + 10u + 1u + 3u);
}

Refusal decode(std::string_view layer, const std::string& bytes) {
    std::string scratch;
    std::string_view payload;
    if (layer == "Swim") {
        Swim swim;
        return decode_swim(bytes, swim);
    }
    if (layer == "Rumor") {
        Rumor rumor;
        return decode_rumor(bytes, rumor);
    }
    if (layer == "Wire") return Seal().open(bytes, scratch, payload);
    EXPECT_EQ(layer, "Wire+key");
    return keyed_seal().open(bytes, scratch, payload);
}

TEST(RingVectors, EveryDecodeCaseIsTakenOrRefusedAsUpstreamDoes) {
    const json::array& cases = ring_vectors().at("decode_cases").as_array();
    EXPECT_EQ(cases.size(), 28u);
    for (const json::value& value : cases) {
        const json::object& one = value.as_object();
        const Refusal refusal =
            decode(std::string_view(one.at("layer").as_string()), bytes_of(one));
        EXPECT_EQ(refusal == Refusal::none, one.at("expect").as_string() == "accept")
            << one.at("name") << ": " << to_string(refusal);
    }
}

TEST(RingVectors, TheCandidateIsTheEnvelopesSender) {
    const json::array& cases = ring_vectors().at("decode_cases").as_array();
    for (const json::value& value : cases) {
        if (value.at("name").as_string() != "election_identity_from_envelope") continue;
        const std::string bytes = bytes_of(value.as_object());
        Rumor rumor;
        ASSERT_EQ(decode_rumor(bytes, rumor), Refusal::none);
        EXPECT_EQ(std::get<ElectionRumor>(rumor.body).candidate.to_string(),
                  "11112222333344445555666677778888");
        return;
    }
    FAIL() << "the case is gone";
}

}  // namespace
}  // namespace conformance
