// SPDX-License-Identifier: Apache-2.0
#include "ring/zmtp/session.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace hab::ring {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t greeting_size = 64;
constexpr std::size_t signature_size = 10;
/// Longer than any handshake: what calls itself a command is not stored without end.
constexpr std::size_t max_command = 4096;

constexpr std::size_t kept_memory = 64u << 10;

constexpr unsigned flag_long = 2;
constexpr unsigned flag_command = 4;
constexpr unsigned known_flags = 7;  ///< with "more", which says nothing here

std::string greeting() {
    std::string text("\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01NULL"sv);
    text.resize(greeting_size, '\0');
    return text;
}

std::string ready(ZmtpRole role) {
    std::string text("\x04\x1a\x05READY\x0bSocket-Type\0\0\0\x04"sv);
    text += role == ZmtpRole::push ? "PUSH" : "PULL";
    return text;
}

std::uint64_t big_endian(std::string_view bytes) noexcept {
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

/// Takes `size` bytes off the front; false (and nothing taken) if there are fewer.
bool take(std::string_view& bytes, std::uint64_t size, std::string_view& out) noexcept {
    if (size > bytes.size()) return false;
    out = bytes.substr(0, static_cast<std::size_t>(size));
    bytes.remove_prefix(out.size());
    return true;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

ZmtpSession::ZmtpSession(ZmtpRole role, std::size_t max_message)
    : role_(role), max_message_(max_message), output_(greeting() + ready(role)) {}

void ZmtpSession::fail(std::string_view why) {
    if (state_ == State::failed) return;
    state_ = State::failed;
    failure_ = why;
    input_.clear();
    at_ = 0;
}

void ZmtpSession::feed(std::string_view bytes) {
    if (state_ == State::failed) return;
    input_.erase(0, at_);
    at_ = 0;
    input_.append(bytes);
}

bool ZmtpSession::next(std::string_view& message) {
    if (state_ == State::greeting && !read_greeting()) return false;
    Frame frame;
    while (read_frame(frame)) {
        if (frame.command) {
            handle_command(frame.body);
        } else if (state_ == State::handshake) {
            fail("it sent a message before its handshake was done");
        } else if (role_ == ZmtpRole::push) {
            fail("it sent a message although it only takes messages");
        } else {
            message = frame.body;
            return true;
        }
    }
    // A connection that waits for its next message does not keep the memory of its largest one.
    if (!mid_frame() && input_.capacity() > kept_memory) {
        input_ = std::string();
        at_ = 0;
    }
    return false;
}

bool ZmtpSession::read_greeting() {
    const std::string_view bytes = input_;
    // As early as possible: others than ZMTP are not waited for.
    const bool signed_ok = (bytes.empty() || bytes[0] == '\xff') &&
                           (bytes.size() < signature_size || bytes[signature_size - 1] == '\x7f');
    if (!signed_ok) fail("it does not speak ZMTP");
    if (bytes.size() > signature_size && static_cast<unsigned char>(bytes[signature_size]) < 3)
        fail("it speaks a version of ZMTP before 3");
    if (state_ == State::failed || bytes.size() < greeting_size) return false;
    std::string mechanism("NULL");
    mechanism.resize(20, '\0');
    if (bytes.substr(12, 20) != mechanism) {
        fail("it wants another security mechanism than NULL");
        return false;
    }
    at_ = greeting_size;
    state_ = State::handshake;
    return true;
}

bool ZmtpSession::read_frame(Frame& frame) {
    if (state_ == State::failed) return false;
    std::string_view rest = std::string_view(input_).substr(at_);
    std::string_view head;
    if (!take(rest, 1, head)) return false;
    const auto flags = static_cast<unsigned char>(head[0]);
    if ((flags & ~known_flags) != 0) {
        fail("it sent a frame with flags that do not exist");
        return false;
    }
    if (!take(rest, (flags & flag_long) != 0 ? 8 : 1, head)) return false;
    const std::uint64_t size = big_endian(head);
    frame.command = (flags & flag_command) != 0;
    if (size > (frame.command ? max_command : max_message_)) {
        fail("it sent a frame that is too large");
        return false;
    }
    if (!take(rest, size, frame.body)) return false;
    at_ = input_.size() - rest.size();
    return true;
}

void ZmtpSession::handle_command(std::string_view body) {
    std::string_view size;
    std::string_view name;
    if (!take(body, 1, size) || !take(body, big_endian(size), name)) {
        fail("it sent a command without a name");
    } else if (name == "READY") {
        if (state_ == State::handshake) {
            handle_ready(body);
        } else {
            fail("it sent READY twice");
        }
    } else if (name == "ERROR") {
        fail("it refused the handshake");
    } else if (name == "PING") {
        handle_ping(body);
    }
    // Others, PONG among them, are for nobody here.
}

void ZmtpSession::handle_ready(std::string_view properties) {
    std::string_view type;
    while (!properties.empty()) {
        std::string_view size;
        std::string_view name;
        std::string_view value;
        if (!take(properties, 1, size) || !take(properties, big_endian(size), name) ||
            !take(properties, 4, size) || !take(properties, big_endian(size), value)) {
            fail("its READY is cut short");
            return;
        }
        if (same_word(name, "Socket-Type")) type = value;
    }
    if (type != (role_ == ZmtpRole::push ? "PULL" : "PUSH")) {
        fail(role_ == ZmtpRole::push ? "it is not a PULL socket" : "it is not a PUSH socket");
        return;
    }
    state_ = State::ready;
}

void ZmtpSession::handle_ping(std::string_view body) {
    constexpr std::size_t ttl_size = 2;
    constexpr std::size_t max_context = 16;
    if (state_ != State::ready || body.size() < ttl_size || body.size() > ttl_size + max_context) {
        fail("it sent a PING that is none");
        return;
    }
    // Who asks without end and never reads the answers gets no more of them.
    if (output_.size() > max_command) return;
    const std::string_view context = body.substr(ttl_size);
    output_ += '\x04';
    output_ += static_cast<char>(5 + context.size());
    output_ += "\x04PONG";
    output_ += context;
}

void ZmtpSession::push(std::string_view message) {
    if (role_ != ZmtpRole::push || state_ != State::ready)
        throw Error(ErrorCode::bug, "a message was to be sent before its connection was ready");
    append_zmtp_frame(output_, message);
}

std::string ZmtpSession::take_output() {
    std::string taken;
    taken.swap(output_);
    return taken;
}

void append_zmtp_frame(std::string& out, std::string_view message) {
    const std::uint64_t size = message.size();
    if (size <= 0xff) {
        out += '\0';
        out += static_cast<char>(size);
    } else {
        out += '\x02';
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(size >> shift & 0xff);
    }
    out += message;
}

}  // namespace hab::ring
