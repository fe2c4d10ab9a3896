// SPDX-License-Identifier: Apache-2.0
// The merge tables: 48 rows of membership, 11 cases of elections.
#include <gmock/gmock.h>

#include <map>

#include "conformance/ring/vectors.hpp"
#include "ring/node/election_record.hpp"
#include "ring/node/merge.hpp"

namespace conformance {
namespace {

using namespace hab::ring;

Health health_named(std::string_view name) {
    static const std::map<std::string, Health, std::less<>> names = {
        {"ALIVE", Health::alive},
        {"SUSPECT", Health::suspect},
        {"CONFIRMED", Health::confirmed},
        {"DEPARTED", Health::departed}};
    return names.find(name)->second;
}

TEST(MembershipMerge, EveryRowOfTheTable) {
    const json::array& rows = ring_vectors().at("membership_merge").at("rows").as_array();
    ASSERT_EQ(rows.size(), 48u);
    constexpr std::uint64_t known = 5;
    for (const json::value& value : rows) {
        const json::array& row = value.as_array();
        const auto heard = static_cast<std::uint64_t>(5 + row[1].as_int64());
        EXPECT_EQ(supersedes(health_named(row[0].as_string()), known,
                             health_named(row[2].as_string()), heard),
                  row[3].as_bool())
            << json::serialize(row);
    }
}

/// The cases name members with one letter, which sort as the ids made of them do.
MemberId id_named(std::string_view letter) {
    MemberId id;
    id.bytes[0] = static_cast<std::uint8_t>(letter.at(0));
    return id;
}

Election election_of(const json::object& fields) {
    static const std::map<std::string, ElectionStatus, std::less<>> words = {
        {"Running", ElectionStatus::running},
        {"NoQuorum", ElectionStatus::no_quorum},
        {"Finished", ElectionStatus::finished}};
    Election election;
    election.candidate = id_named(fields.at("who").as_string());
    election.term = fields.at("term").to_number<std::uint64_t>();
    election.suitability = fields.at("suit").to_number<std::uint64_t>();
    election.status = words.find(std::string_view(fields.at("status").as_string()))->second;
    for (const json::value& vote : fields.at("votes").as_array())
        election.votes.push_back(id_named(vote.as_string()));
    return election;
}

TEST(ElectionMerge, EveryCaseAsUpstreamDoesIt) {
    const json::array& cases = ring_vectors().at("election_merge").at("cases").as_array();
    ASSERT_EQ(cases.size(), 11u);
    for (const json::value& value : cases) {
        const json::object& one = value.as_object();
        Election stored = election_of(one.at("stored").as_object());
        const bool changed = merge_as_stock(stored, election_of(one.at("incoming").as_object()));
        EXPECT_EQ(stored, election_of(one.at("result").as_object())) << one.at("name");
        EXPECT_EQ(changed, one.at("reheated").as_bool()) << one.at("name");
    }
}

}  // namespace
}  // namespace conformance
