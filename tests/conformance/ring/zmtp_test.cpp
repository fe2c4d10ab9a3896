// SPDX-License-Identifier: Apache-2.0
// The bytes that were seen from libzmq.
#include <gmock/gmock.h>

#include "conformance/ring/vectors.hpp"
#include "ring/codec/codec.hpp"
#include "ring/zmtp/session.hpp"

namespace conformance {
namespace {

using hab::ring::ZmtpRole;
using hab::ring::ZmtpSession;

std::string bytes(std::string_view name) {
    return from_hex_text(std::string_view(ring_vectors().at("zmtp").at(name).as_string()));
}

/// What a script says, all of it, and its last frame's body.
std::string said(std::string_view name) {
    std::string all;
    for (const json::value& line : ring_vectors().at("zmtp").at(name).as_array()) {
        if (const json::value* const hex = line.as_object().if_contains("send"))
            all += from_hex_text(std::string_view(hex->as_string()));
    }
    return all;
}

TEST(ZmtpVectors, WeSayWhatLibzmqSays) {
    EXPECT_EQ(ZmtpSession(ZmtpRole::push, 1).output(),
              bytes("libzmq_greeting_64") + bytes("ready_push"));
    EXPECT_EQ(ZmtpSession(ZmtpRole::pull, 1).output(),
              bytes("libzmq_greeting_64") + bytes("ready_pull"));
    std::string frame;
    hab::ring::append_zmtp_frame(frame, "AAAAA");
    EXPECT_EQ(frame, bytes("frame_short_5_bytes_A"));
    frame.clear();
    hab::ring::append_zmtp_frame(frame, std::string(300, 'x'));
    EXPECT_TRUE(frame.starts_with(bytes("frame_long_header_300")));
}

TEST(ZmtpVectors, ScriptsArriveByteByByte) {
    for (const auto& [script, wire] :
         {std::pair{"push_script_wire_plain_ping", "wire_plain_ping"},
          std::pair{"push_script_wire_sealed_service", "wire_sealed_service"}}) {
        ZmtpSession session(ZmtpRole::pull, hab::ring::max_stream_message);
        std::vector<std::string> messages;
        for (const char c : said(script)) {
            session.feed({&c, 1});
            std::string_view message;
            while (session.next(message))
                messages.emplace_back(message);
        }
        EXPECT_THAT(messages, testing::ElementsAre(
                                  bytes_of(ring_vectors().at("encode").at(wire).as_object())));
        EXPECT_EQ(session.failure(), "");
    }
}

TEST(ZmtpVectors, AMinimalPeerOfVersion30IsUnderstood) {
    ZmtpSession session(ZmtpRole::push, 1);
    session.feed(bytes("minimal_greeting_3_0") + bytes("ready_pull"));
    std::string_view none;
    EXPECT_FALSE(session.next(none));
    EXPECT_TRUE(session.established());
}

}  // namespace
}  // namespace conformance
