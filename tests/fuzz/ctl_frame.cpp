// SPDX-License-Identifier: Apache-2.0
// Bytes on the control gateway's port: cut into frames, each decoded as the message it names and as
// a few others. Every failure must be an Error.
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "control/frame.hpp"
#include "control/messages.hpp"

namespace {

template <typename Message>
void decode(const hab::control::Frame& frame) {
    try {
        (void)hab::control::from_wire<Message>(frame.body);
    } catch (const hab::Error&) {
        // refused with a sentence: what it is for
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hab::control;
    FrameReader reader(64 * 1024);
    try {
        reader.feed({reinterpret_cast<const char*>(data), size});
        while (const auto frame = reader.next()) {
            decode<Handshake>(*frame);
            decode<SvcLoad>(*frame);
            decode<SvcUpdate>(*frame);
            decode<SvcStop>(*frame);
            decode<SvcStatus>(*frame);
            decode<SvcValidateCfg>(*frame);
            decode<SvcSetCfg>(*frame);
            decode<SvcFilePut>(*frame);
            decode<SupDepart>(*frame);
            decode<LogFollow>(*frame);
            decode<Query>(*frame);
            decode<Answer>(*frame);
            decode<ServiceStatus>(*frame);
            decode<NetErr>(*frame);
            decode<ConsoleLine>(*frame);
        }
    } catch (const hab::Error&) {
        return 0;  // not a frame
    }
    return 0;
}
