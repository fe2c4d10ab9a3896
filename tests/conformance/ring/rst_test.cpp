// SPDX-License-Identifier: Apache-2.0
// The .rst vectors, and files that are none.
#include "ring/state/rst.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "conformance/ring/vectors.hpp"
#include "ring/codec/codec.hpp"

namespace conformance {
namespace {

using namespace hab::ring;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string file(const char* name) {
    return bytes_of(ring_vectors().at(name).as_object());
}

std::string refusal(const std::string& bytes) {
    try {
        (void)read_rst(bytes, "'x.rst'");
    } catch (const hab::Error& error) {
        EXPECT_EQ(error.code(), hab::ErrorCode::invalid_input);
        return error.message();
    }
    return "nothing was thrown";
}

std::vector<RumorKind> kinds_of(const std::vector<StateRecord>& records) {
    std::vector<RumorKind> kinds;
    for (const StateRecord& record : records) {
        RumorHead head;
        if (record.kind == StateKind::rumor) {
            EXPECT_EQ(decode_rumor_head(record.bytes, head), Refusal::none);
        }
        kinds.push_back(head.kind);
    }
    return kinds;
}

TEST(RstVectors, Version2IsReadAndWrittenByteForByte) {
    const auto records = read_rst(file("rst_v2"), "it");
    EXPECT_THAT(
        kinds_of(records),
        testing::ElementsAre(RumorKind::member, RumorKind::service, RumorKind::service_config,
                             RumorKind::service_file, RumorKind::election, RumorKind::departure));
    EXPECT_EQ(write_rst(records), file("rst_v2"));
}

TEST(RstVectors, Version1IsRead) {
    auto records = read_rst(file("rst_v1_read_only"), "it");
    auto newer = read_rst(file("rst_v2"), "it");
    newer.pop_back();  // version 1 has no departures
    EXPECT_EQ(records, newer);
}

TEST(RstVectors, AnEmptyRingIsAFileToo) {
    EXPECT_THAT(read_rst(file("rst_empty_v2"), "it"), IsEmpty());
    EXPECT_EQ(write_rst({}), file("rst_empty_v2"));
}

TEST(RstVectors, WhatStockDoesNotKnowIsLeftOut) {
    const std::vector<StateRecord> records = {{.kind = StateKind::incarnation, .number = 7},
                                              {.kind = StateKind::tombstone, .bytes = "x"}};
    EXPECT_EQ(write_rst(records), file("rst_empty_v2"));
}

TEST(RstFiles, EveryMistakeHasItsSentence) {
    const std::string good = file("rst_v2");
    EXPECT_THAT(refusal(""), HasSubstr("cannot read 'x.rst': it is empty"));
    EXPECT_THAT(refusal("\x03"), HasSubstr("of version 3, and only 1 and 2"));
    EXPECT_THAT(refusal(good.substr(0, 64)), HasSubstr("its header is cut short"));
    EXPECT_THAT(refusal(good.substr(0, 65)), HasSubstr("its section 'member' is cut short"));
    EXPECT_THAT(refusal(good.substr(0, good.size() - 1)),
                HasSubstr("its section 'departure' is cut short"));
    EXPECT_THAT(refusal(good + "x"), HasSubstr("1 bytes follow its last section"));
    std::string changed = good;
    changed[1] = 65;
    EXPECT_THAT(refusal(changed), HasSubstr("its header says to have 65 bytes instead of 64"));
    changed = good;
    changed[65] = 99;  // the first member's length
    EXPECT_THAT(refusal(changed), HasSubstr("record 1 of its section 'member' is cut short"));
    changed = good;
    changed[65 + 8] = 0;  // the first member's first key
    EXPECT_THAT(refusal(changed),
                HasSubstr("record 1 of its section 'member' cannot be decoded: it is not"));
    changed = good;
    std::swap(changed[9 + 4 * 8], changed[9 + 5 * 8]);  // the election among the updates
    EXPECT_THAT(refusal(changed),
                HasSubstr("of its section 'election_update' is a rumor of the kind election"));
}

TEST(RstFiles, CutShortAnywhereAreRefused) {
    const std::string good = file("rst_v2");
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_NE(refusal(good.substr(0, size)), "nothing was thrown") << size;
}

}  // namespace
}  // namespace conformance
