// SPDX-License-Identifier: Apache-2.0
// A gossip connection: whole and cut into pieces, the same messages and the same end must come out.
#include <cstdlib>
#include <string>
#include <vector>

#include "ring/zmtp/session.hpp"

namespace {

using hab::ring::ZmtpRole;
using hab::ring::ZmtpSession;

struct Result {
    std::vector<std::string> messages;
    std::string failure;
    bool operator==(const Result&) const = default;
};

Result run(ZmtpRole role, std::string_view bytes, std::size_t step) {
    ZmtpSession session(role, 4096);
    Result result;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        session.feed(bytes.substr(at, step));
        std::string_view message;
        while (session.next(message))
            result.messages.emplace_back(message);
        (void)session.take_output();
    }
    result.failure = session.failure();
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const ZmtpRole role : {ZmtpRole::pull, ZmtpRole::push}) {
        const Result whole = run(role, bytes, size + 1);
        // The end of a greeting that is none is seen earlier or later, with another sentence.
        const Result pieces = run(role, bytes, 1);
        if (pieces.messages != whole.messages || pieces.failure.empty() != whole.failure.empty())
            std::abort();
    }
    return 0;
}
