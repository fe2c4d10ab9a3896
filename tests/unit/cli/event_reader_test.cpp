// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/event_reader.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"

namespace hab::cli {
namespace {

using testing::ElementsAre;

std::vector<std::string> read(EventReader& reader, std::string_view bytes) {
    std::vector<std::string> out;
    reader.feed(bytes, [&](const SentEvent& event) {
        out.push_back(event.id + "|" + event.type + "|" + event.data);
    });
    return out;
}

TEST(EventReader, ReadsEventsHoweverTheyAreCut) {
    const std::string_view bytes =
        "retry: 2000\nevent: hello\ndata: {}\n\n:\n\nid: b-1\nevent: phase\r\ndata: "
        "a\r\ndata:b\r\n\r\n"
        "data: c\n\nid: b-2\n\n";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        EventReader reader;
        std::vector<std::string> all;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            for (auto& one : read(reader, bytes.substr(at, piece)))
                all.push_back(std::move(one));
        }
        EXPECT_THAT(all, ElementsAre("|hello|{}", "b-1|phase|a\nb", "b-1|message|c")) << piece;
        EXPECT_EQ(reader.last_id(), "b-2");
    }
}

TEST(EventReader, WhatIsNotFinishedIsNoEvent) {
    EventReader reader;
    EXPECT_THAT(read(reader, "event: x\ndata: y\n"), ElementsAre());
    EXPECT_THAT(read(reader, "\n"), ElementsAre("|x|y"));
    EXPECT_THAT(read(reader, "event: without data\n\n"), ElementsAre());
}

TEST(EventLine, IsForPeople) {
    const auto line = [](const char* json) { return event_line(parse_json(json, "event")); };
    EXPECT_EQ(
        line(R"({"generation":4,"time":"2026-01-31T12:00:00.123Z","type":"phase","cause":3,)"
             R"("service":"nginx","from":"up","to":"backoff","reason":"exited with code 1"})"),
        R"(12:00:00.123 nginx phase from=up to=backoff reason="exited with code 1")");
    EXPECT_EQ(line(R"({"time":"2026-01-31T12:00:00.123Z","type":"log","source":"service_out",)"
                   R"("preamble":"nginx.default","key":"O","text":"a = b"})"),
              "12:00:00.123 nginx.default(O): a = b");
    EXPECT_EQ(line(R"({"type":"gap","missed":null})"), "- supervisor gap");
    EXPECT_EQ(line(R"({"type":"config_rendered","service":"x","written":["a b"],"changed":[]})"),
              R"(- x config_rendered written=["a b"] changed=[])");
}

}  // namespace
}  // namespace hab::cli
