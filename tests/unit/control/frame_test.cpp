// SPDX-License-Identifier: Apache-2.0
#include "control/frame.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace hab::control {
namespace {

using testing::HasSubstr;

std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values)
        out += static_cast<char>(value);
    return out;
}

std::string failure_of(std::string_view input, std::size_t limit = max_body) {
    FrameReader reader(limit);
    reader.feed(input);
    try {
        (void)reader.next();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        return error.message();
    }
    return "no error";
}

// header 0x80500003: is_txn, message id of 5, body of 3; transaction 0x40000001: complete, id 1.
TEST(Frame, HasUpstreamsBytes) {
    const Frame frame{Transaction{1, false, true}, "NetOk", "abc"};
    EXPECT_EQ(encode_frame(frame),
              bytes({0x80, 0x50, 0x00, 0x03, 0x40, 0x00, 0x00, 0x01}) + "NetOkabc");
    EXPECT_EQ(encode_frame(Frame{std::nullopt, "NetOk", ""}), bytes({0, 0x50, 0, 0}) + "NetOk");
    EXPECT_EQ(encode_frame(Frame{Transaction{0, true, false}, "X-A", ""}),
              bytes({0x80, 0x30, 0, 0, 0x80, 0, 0, 0}) + "X-A");
}

TEST(Frame, ComesBackWhateverThePieces) {
    const std::vector<Frame> frames{
        {Transaction{7, true, true}, "SvcStatus", std::string(3000, 'x')},
        {std::nullopt, "NetOk", ""},
        {Transaction{(1u << 30) - 1, false, false}, "A", "b"}};
    std::string stream;
    for (const Frame& frame : frames)
        stream += encode_frame(frame);
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{3}, std::size_t{1000}, stream.size()}) {
        FrameReader reader;
        std::vector<Frame> seen;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            reader.feed(std::string_view(stream).substr(at, step));
            while (auto frame = reader.next())
                seen.push_back(*frame);
        }
        EXPECT_EQ(seen, frames) << step;
        EXPECT_FALSE(reader.mid_frame());
    }
}

TEST(Frame, KnowsThatItIsIncomplete) {
    const std::string whole = encode_frame({std::nullopt, "NetOk", "abc"});
    FrameReader reader;
    reader.feed(std::string_view(whole).substr(0, whole.size() - 1));
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_TRUE(reader.mid_frame());
}

TEST(Frame, RefusesGarbage) {
    EXPECT_THAT(failure_of("GET / HTTP/1.1\r\n"), HasSubstr("reserved bits"));
    EXPECT_THAT(failure_of(bytes({0, 0, 0, 5}) + "hello"), HasSubstr("no name"));
    EXPECT_THAT(failure_of(bytes({0, 0x20, 0, 0, 0xff, 0xfe})), HasSubstr("characters"));
}

TEST(Frame, RefusesOversizedFramesBeforeTheyArrive) {
    const auto message = failure_of(bytes({0x80, 0x5f, 0xff, 0xff}), 4096);
    EXPECT_THAT(message, HasSubstr("announces 1048575 bytes, the limit is 4096"));
    EXPECT_THROW((void)encode_frame({std::nullopt, "A", std::string(max_body + 1, 'x')}), Error);
    EXPECT_THROW((void)encode_frame({std::nullopt, std::string(64, 'A'), ""}), Error);
}

}  // namespace
}  // namespace hab::control
