// SPDX-License-Identifier: Apache-2.0
#include "config/changes.hpp"

#include <gtest/gtest.h>

#include "config/read_index.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

using Texts = std::vector<std::string>;

Texts changes(const char* before, const char* after) {
    return changed_paths(parse_toml(before, "b"), parse_toml(after, "a"));
}

TEST(Changes, NamesWhatDiffersAndNothingElse) {
    EXPECT_EQ(changes("a = 1\n[t]\nx = 1\ny = 2\n", "a = 1\n[t]\nx = 1\ny = 3\n"), Texts{"/t/y"});
    EXPECT_EQ(changes("a = 1", "# other\na = 1"), Texts{});
    EXPECT_EQ(changes("a = 1", "a = 1.0"), Texts{"/a"}) << "they print differently";
    EXPECT_EQ(changes("l = [1, 2]", "l = [1, 3]"), Texts{"/l"});
    EXPECT_EQ(changes("a = 1\nb = 2", "b = 2\nc = 3"), (Texts{"/c", "/a"}));
    EXPECT_EQ(changes("[t]\na = 1", "t = 5"), Texts{"/t"});
    EXPECT_EQ(changes("\"a/b\" = 1\n\"c~d\" = 1", "\"a/b\" = 2\n\"c~d\" = 2"),
              (Texts{"/a~1b", "/c~0d"}));
}

TEST(Changes, SeeAnotherOrderOfKeys) {
    EXPECT_EQ(changes("[t]\na = 1\nb = 2", "[t]\nb = 2\na = 1"), Texts{"/t"});
}

TEST(Changes, PointersAreReadAndShown) {
    EXPECT_EQ(pointer_steps("/a~1b/c~0d/2"), (Texts{"a/b", "c~d", "2"}));
    EXPECT_EQ(pointer_steps(""), Texts{});
    EXPECT_EQ(dotted("/cfg/server/port"), "cfg.server.port");
    EXPECT_EQ(pointer_step("a~/"), "/a~0~1");
}

class ReadIndexTest : public testing::Test {
protected:
    /// Patterns are given by text; ids are made up.
    void reads(std::size_t which, const Texts& patterns) {
        std::vector<std::uint32_t> ids;
        for (const std::string& pattern : patterns) {
            auto found = std::find(texts_.begin(), texts_.end(), pattern);
            if (found == texts_.end()) found = texts_.insert(texts_.end(), pattern);
            ids.push_back(static_cast<std::uint32_t>(found - texts_.begin()));
        }
        index.set_reads(which, ids, [this](std::uint32_t id) { return texts_[id]; });
    }
    bool sees(const char* pattern, const char* change) {
        reads(0, {pattern});
        bool seen = false;
        index.for_each_reader(change, [&](std::size_t) { seen = true; });
        return seen;
    }

    ReadIndex index;

private:
    Texts texts_;
};

TEST_F(ReadIndexTest, AChangeIsSeenAtAboveAndBelowWhatWasRead) {
    EXPECT_TRUE(sees("cfg.port", "/cfg/port"));
    EXPECT_TRUE(sees("cfg.port", "/cfg"));
    EXPECT_TRUE(sees("cfg.port", ""));
    EXPECT_TRUE(sees("cfg", "/cfg/port"));
    EXPECT_TRUE(sees("", "/cfg/port"));
    EXPECT_FALSE(sees("cfg.port", "/cfg/host"));
    EXPECT_FALSE(sees("cfg.port", "/cfg/ports"));
    EXPECT_FALSE(sees("sys.ip", "/cfg"));
}

TEST_F(ReadIndexTest, StarsStandForAnyStep) {
    EXPECT_TRUE(sees("svc.members.*.sys.ip", "/svc/members/7"));
    EXPECT_TRUE(sees("svc.members.*.sys.ip", "/svc/members/7/sys/ip"));
    EXPECT_FALSE(sees("svc.members.*.sys.ip", "/svc/members/7/alive"));
    EXPECT_FALSE(sees("svc.members.*.sys.ip", "/svc/me"));
    EXPECT_TRUE(sees("cfg.**", "/cfg/a/b/c"));
    EXPECT_FALSE(sees("cfg.**", "/svc"));
}

TEST_F(ReadIndexTest, ANameWithADotCountsAsItsTable) {
    EXPECT_TRUE(sees("m.*.x", "/m/a.b/x"));
    EXPECT_TRUE(sees("o.c.d", "/o/c.d"));
    EXPECT_FALSE(sees("p.c", "/o/c.d"));
}

TEST_F(ReadIndexTest, ForgetsWhatAnEarlierRenderRead) {
    reads(3, {"cfg.a", "cfg.b"});
    reads(3, {"cfg.b"});
    EXPECT_EQ(index.reads(3), Texts{"cfg.b"});
    std::vector<std::size_t> readers;
    index.for_each_reader("/cfg/a", [&](std::size_t which) { readers.push_back(which); });
    EXPECT_TRUE(readers.empty());
    index.for_each_reader("/cfg/b", [&](std::size_t which) { readers.push_back(which); });
    EXPECT_EQ(readers, std::vector<std::size_t>{3});
}

}  // namespace
}  // namespace hab::config
