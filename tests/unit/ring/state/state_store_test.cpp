// SPDX-License-Identifier: Apache-2.0
#include "ring/state/state_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "ring/codec/codec.hpp"
#include "ring/state/frames.hpp"

namespace hab::ring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

StateRecord incarnation(std::uint64_t number) {
    return {.kind = StateKind::incarnation, .number = number};
}

StateRecord vote(std::uint64_t term, char candidate, const std::string& group) {
    return {.kind = StateKind::vote,
            .number = term,
            .bytes = "\x03" + std::string(16, candidate) + group};
}

StateRecord config(std::uint64_t version, std::string_view text) {
    const ConfigRumor body{"redis.default", version, false, text};
    return {.kind = StateKind::rumor,
            .bytes = encoded(Rumor{RumorKind::service_config, "x", body})};
}

StateRecord member(char digit, std::uint64_t number) {
    Membership membership;
    membership.member.id = MemberId::parse(std::string(32, digit)).value();
    membership.member.incarnation = number;
    return {.kind = StateKind::membership, .bytes = encoded(membership)};
}

class StateStoreTest : public ::testing::Test {
protected:
    fs::path dir() const { return dir_.path() / "ring"; }
    fs::path log() const { return dir() / "ring.log"; }
    fs::path snapshot() const { return dir() / "ring.snapshot"; }
    std::vector<StateRecord> on_disk() const { return StateStore(dir()).take_records(); }
    Error refusal() const {
        try {
            StateStore store(dir());
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "nothing was thrown";
        return Error(ErrorCode::bug, "nothing was thrown");
    }
    TempDir dir_;
};

TEST_F(StateStoreTest, ReturnsEachThingOnceAndTheLastThatWasSaid) {
    {
        StateStore store(dir());
        EXPECT_THAT(store.take_records(), IsEmpty());
        for (const StateRecord& record :
             {incarnation(1), member('a', 1), config(1, "old"), vote(1, 'a', "redis.default"),
              incarnation(2), member('b', 1), config(2, "new"), vote(2, 'b', "redis.default"),
              vote(1, 'c', "other.default"), member('a', 2)})
            store.append(record, false);
    }
    EXPECT_THAT(on_disk(), ElementsAre(incarnation(2), member('b', 1), config(2, "new"),
                                       vote(2, 'b', "redis.default"), vote(1, 'c', "other.default"),
                                       member('a', 2)));
}

TEST_F(StateStoreTest, SurvivesADeathAtEveryByteOfTheLog) {
    const std::vector<StateRecord> records = {incarnation(1), config(1, "text"), member('a', 7)};
    std::vector<std::size_t> ends{0};
    {
        StateStore store(dir());
        EXPECT_FALSE(fs::exists(log())) << "who has nothing to say need not wait for the disk";
        for (const StateRecord& record : records) {
            store.append(record, false);
            ends.push_back(fs::file_size(log()));
        }
    }
    const std::string whole = read_file(log());
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        write_file_atomic(log(), whole.substr(0, size), {.durable = false});
        std::size_t expected = 0;
        while (expected < records.size() && ends[expected + 1] <= size)
            ++expected;
        StateStore store(dir());
        EXPECT_EQ(store.take_records().size(), expected) << size;
        store.append(incarnation(9), false);
        EXPECT_THAT(on_disk(), ::testing::Contains(incarnation(9))) << size;
    }
}

TEST_F(StateStoreTest, AChangedByteEndsTheLogThere) {
    {
        StateStore store(dir());
        store.append(incarnation(1), true);
        store.append(member('a', 1), true);
    }
    std::string bytes = read_file(log());
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    write_file_atomic(log(), bytes);
    StateStore store(dir());
    EXPECT_THAT(store.take_records(), ElementsAre(incarnation(1)));
    EXPECT_GT(store.dropped(), 0u);
}

TEST_F(StateStoreTest, CompactionKeepsWhatCounts) {
    {
        StateStore store(dir());
        for (std::uint64_t i = 1; i <= 100; ++i)
            store.append(incarnation(i), false);
        store.append(member('a', 1), false);
        store.compact();
        EXPECT_EQ(fs::file_size(log()), state_header_size);
        store.append(incarnation(101), false);
        store.compact();
        store.append(member('b', 1), false);
    }
    EXPECT_THAT(on_disk(), ElementsAre(member('a', 1), incarnation(101), member('b', 1)));
    struct stat status = {};
    ASSERT_EQ(::stat(snapshot().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(StateStoreTest, IsCompactedWhenTheLogHasGrown) {
    StateStore store(dir());
    const std::string text(64 << 10, 'x');
    int appended = 0;
    while (!store.wants_compaction() && appended < 100) {
        store.append(config(1, text), false);
        ++appended;
    }
    EXPECT_LT(appended, 20);
    store.compact();
    EXPECT_FALSE(store.wants_compaction());
}

// The death between the new snapshot and the new log: the old log is all in the snapshot.
TEST_F(StateStoreTest, AnOlderLogIsNotReplayed) {
    std::string old_log;
    {
        StateStore store(dir());
        store.append(incarnation(1), false);
        store.append(incarnation(2), false);
        old_log = read_file(log());
        store.compact();
    }
    write_file_atomic(log(), old_log);
    StateStore store(dir());
    EXPECT_THAT(store.take_records(), ElementsAre(incarnation(2)));
    EXPECT_EQ(store.dropped(), 0u);
    store.append(incarnation(3), false);
    EXPECT_THAT(on_disk(), ElementsAre(incarnation(3)));
}

TEST_F(StateStoreTest, ADamagedSnapshotIsSaidNotGuessed) {
    {
        StateStore store(dir());
        store.append(incarnation(1), false);
        store.compact();
    }
    const std::string bytes = read_file(snapshot());
    write_file_atomic(snapshot(), bytes.substr(0, bytes.size() - 1));
    EXPECT_THAT(refusal().message(), HasSubstr("ring.snapshot': it is damaged at byte 16"));
    write_file_atomic(snapshot(), "something else entirely");
    EXPECT_THAT(refusal().message(), HasSubstr("it is not a file of the ring's state"));
    fs::remove(snapshot());
    EXPECT_THAT(refusal().message(), HasSubstr("it continues a newer 'ring.snapshot'"));
}

TEST(StateFrames, KindsOfALaterVersionArePassedOver) {
    std::string bytes;
    append_header(bytes, {.snapshot = false, .generation = 3});
    append_frame(bytes, {.kind = static_cast<StateKind>(77), .number = 1, .bytes = "later"});
    append_frame(bytes, incarnation(5));
    const StateFile file = read_frames(bytes, "it");
    EXPECT_EQ(file.header.generation, 3u);
    EXPECT_EQ(file.valid, bytes.size());
    EXPECT_THAT(file.records, ElementsAre(incarnation(5)));
}

TEST(StateFrames, ZerosAreNoRecord) {
    std::string bytes;
    append_header(bytes, {});
    bytes += std::string(4096, '\0');
    EXPECT_EQ(read_frames(bytes, "it").valid, state_header_size);
}

}  // namespace
}  // namespace hab::ring
