// SPDX-License-Identifier: Apache-2.0
#include "supervisor/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "supervisor/console.hpp"
#include "supervisor/line_splitter.hpp"

namespace hab::supervisor {
namespace {

TEST(EventStream, NumbersEventsAndDeliversInOrder) {
    const FakeClock clock;
    EventStream stream(clock);
    std::vector<std::uint64_t> seen;
    const auto subscription =
        stream.subscribe([&](const Event& event) { seen.push_back(event.generation); });
    EXPECT_EQ(stream.generation(), 0u);
    stream.publish(ServiceUnloaded{"a"});
    stream.publish(ServiceUnloaded{"b"});
    EXPECT_THAT(seen, ::testing::ElementsAre(1, 2));
    EXPECT_EQ(stream.generation(), 2u);
}

TEST(EventStream, WhatAReaderPublishesComesAfterTheCurrentEvent) {
    const FakeClock clock;
    EventStream stream(clock);
    std::vector<std::string> first, second;
    const auto a = stream.subscribe([&](const Event& event) {
        const auto& name = std::get<ServiceUnloaded>(event.body).service;
        first.push_back(name);
        if (name == "one") stream.publish(ServiceUnloaded{"two"});
    });
    const auto b = stream.subscribe([&](const Event& event) {
        second.push_back(std::get<ServiceUnloaded>(event.body).service);
    });
    stream.publish(ServiceUnloaded{"one"});
    EXPECT_THAT(first, ::testing::ElementsAre("one", "two"));
    EXPECT_THAT(second, ::testing::ElementsAre("one", "two"));
}

TEST(EventStream, AReaderMayEndItselfAndOthersWhileItRuns) {
    const FakeClock clock;
    EventStream stream(clock);
    int calls = 0;
    EventStream::Subscription first, second;
    first = stream.subscribe([&](const Event&) {
        ++calls;
        first.reset();
        second.reset();
    });
    second = stream.subscribe([&](const Event&) { ++calls; });
    stream.publish(ServiceUnloaded{"x"});
    stream.publish(ServiceUnloaded{"x"});
    EXPECT_EQ(calls, 1);
}

TEST(EventStream, GoesOnAfterAReaderHasThrown) {
    const FakeClock clock;
    EventStream stream(clock);
    int calls = 0;
    const auto subscription = stream.subscribe([&](const Event&) {
        if (++calls == 1) throw std::runtime_error("reader");
    });
    EXPECT_THROW(stream.publish(ServiceUnloaded{"x"}), std::runtime_error);
    stream.publish(ServiceUnloaded{"y"});
    EXPECT_EQ(calls, 2);
}

TEST(LineSplitter, CutsAtLineEndsAndAtTheBound) {
    std::vector<std::string> lines;
    const auto sink = [&](std::string_view line) { lines.emplace_back(line); };
    LineSplitter splitter;
    splitter.feed("one\ntwo", sink);
    splitter.feed(" more\r\n\nlast", sink);
    splitter.end(sink);
    EXPECT_THAT(lines, ::testing::ElementsAre("one", "two more", "", "last"));
    lines.clear();
    splitter.feed(std::string(2 * LineSplitter::longest + 5, 'x') + "\n", sink);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].size(), LineSplitter::longest);
    EXPECT_EQ(lines[2], "xxxxx");
}

TEST(LineSplitter, MakesTextOfAnyBytes) {
    EXPECT_EQ(printable("gr\xC3\xBC\xC3\x9F\tdich \x1b[1m"), "gr\xC3\xBC\xC3\x9F\tdich \x1b[1m");
    EXPECT_EQ(printable("a\xFFz"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(printable("\xC3"), "\xEF\xBF\xBD");
    EXPECT_EQ(printable(std::string_view("\0x", 2)), "\xEF\xBF\xBDx");
}

TEST(Console, FormatsAsUpstream) {
    const LogLine line{LineSource::service_out, "nginx.default", "O", "he said \"hi\""};
    EXPECT_EQ(format_line(line, LineStyle::plain), "nginx.default(O): he said \"hi\"");
    EXPECT_EQ(format_line(line, LineStyle::json),
              R"({"preamble":"nginx.default","logkey":"O","content":"he said \"hi\""})");
    EXPECT_THAT(format_line(line, LineStyle::colour), ::testing::HasSubstr("\x1b["));
}

}  // namespace
}  // namespace hab::supervisor
