// SPDX-License-Identifier: Apache-2.0
// The driver's end of the two FIFOs to the build runtime. docs/formats/build-protocol.md.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/files.hpp"

namespace hab::build {

/// A verb and its fields.
struct Request {
    std::string verb;
    std::vector<std::string> fields;
};

/// Status 0 and values, or an exit code and one sentence.
struct Reply {
    int status = 0;
    std::vector<std::string> fields;
};

/// Takes requests out of a byte stream. What comes from inside is not trusted: sizes are bounded.
class RequestParser {
public:
    static constexpr std::size_t max_bytes = std::size_t{8} << 20;
    static constexpr std::size_t max_fields = 200'000;

    void feed(std::string_view bytes) { buffer_.append(bytes); }
    /// The next complete request, nothing if more bytes are needed. Throws invalid_input when the
    /// stream breaks the form or its bounds.
    [[nodiscard]] std::optional<Request> next();

private:
    std::string buffer_;
};

/// Count and fields as bytes.
[[nodiscard]] std::string encode_reply(const Reply& reply);

/// Both FIFOs in one directory, "request" and "reply", mode 0600; removed with the directory by its
/// owner. Not thread-safe.
class Channel {
public:
    explicit Channel(const fs::path& dir);

    /// Readable when a request may be there.
    [[nodiscard]] int request_fd() const noexcept { return request_.get(); }
    /// A request, if a complete one has arrived.
    [[nodiscard]] std::optional<Request> receive();
    /// Sends the reply; gives up silently when `ended_fd` becomes readable (the other side is
    /// gone).
    void send(const Reply& reply, int ended_fd);

private:
    UniqueFd request_;
    UniqueFd reply_;
    RequestParser parser_;
};

}  // namespace hab::build
