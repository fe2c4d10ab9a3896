// SPDX-License-Identifier: Apache-2.0
// Bytes of the launcher's messages: fixed little-endian numbers and counted texts, read within
// bounds. Header-only, because the launcher links nothing but the C and C++ libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hab::launcher {

/// A message that does not follow docs/formats/launcher-protocol.md.
class WireError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class WireWriter {
public:
    void u32(std::uint32_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void text(std::string_view value) {
        u32(static_cast<std::uint32_t>(value.size()));
        bytes_.append(value);
    }
    void texts(const std::vector<std::string>& values) {
        u32(static_cast<std::uint32_t>(values.size()));
        for (const auto& value : values)
            text(value);
    }
    void numbers(const std::vector<std::uint32_t>& values) {
        u32(static_cast<std::uint32_t>(values.size()));
        for (const auto value : values)
            u32(value);
    }
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

private:
    void number(std::uint64_t value, int width) {
        for (int i = 0; i < width; ++i) {
            bytes_.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
        }
    }
    std::string bytes_;
};

/// Reads what WireWriter wrote; throws WireError instead of reading past the end.
class WireReader {
public:
    explicit WireReader(std::string_view bytes) noexcept : rest_(bytes) {}

    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    std::string text() { return std::string(take(u32())); }
    std::vector<std::string> texts() {
        std::vector<std::string> values(count(4));
        for (auto& value : values)
            value = text();
        return values;
    }
    std::vector<std::uint32_t> numbers() {
        std::vector<std::uint32_t> values(count(4));
        for (auto& value : values)
            value = u32();
        return values;
    }
    /// To be called last: bytes left over are an error too.
    void end() const {
        if (!rest_.empty()) throw WireError("a launcher message is longer than its fields");
    }

private:
    std::string_view take(std::size_t size) {
        if (size > rest_.size())
            throw WireError("a launcher message ends in the middle of a field");
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::uint64_t number(int width) {
        const auto raw = take(static_cast<std::size_t>(width));
        std::uint64_t value = 0;
        for (int i = 0; i < width; ++i) {
            value |= static_cast<std::uint64_t>(
                         static_cast<unsigned char>(raw[static_cast<std::size_t>(i)]))
                     << (8 * i);
        }
        return value;
    }
    /// A count is believed only if that many of the smallest elements could follow.
    std::size_t count(std::size_t smallest) {
        const std::size_t value = u32();
        if (value > rest_.size() / smallest) {
            throw WireError("a launcher message counts more elements than it holds");
        }
        return value;
    }

    std::string_view rest_;
};

}  // namespace hab::launcher
