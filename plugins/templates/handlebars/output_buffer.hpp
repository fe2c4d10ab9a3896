// SPDX-License-Identifier: Apache-2.0
// The text that a render makes. Most pieces are a few bytes long, so appending them is all that
// counts: it is inlined, and copies without a call.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace handlebars {

class OutputBuffer {
public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
    /// Empties it for the next render, which may make up to `limit` bytes. Its memory stays, unless
    /// it is more than `most_kept`.
    void reset(std::size_t limit, std::size_t most_kept) noexcept {
        size_ = 0;
        limit_ = limit;
        if (capacity_ <= most_kept && capacity_ <= limit) return;
        bytes_.reset();
        capacity_ = 0;
    }
    /// Cuts off what lies behind `size`.
    void shrink(std::size_t size) noexcept { size_ = size; }

    /// False, and nothing appended, beyond the limit.
    [[nodiscard]] bool append(std::string_view text) {
        if (text.size() > capacity_ - size_ && !grow(text.size())) return false;
        copy(bytes_.get() + size_, text.data(), text.size());
        size_ += text.size();
        return true;
    }

private:
    /// Short texts as two pieces that may overlap, of a size known to the compiler.
    static void copy(char* to, const char* from, std::size_t size) noexcept {
        if (size > 16) {
            std::memcpy(to, from, size);
        } else if (size >= 8) {
            copy_ends<8>(to, from, size);
        } else if (size >= 4) {
            copy_ends<4>(to, from, size);
        } else if (size >= 2) {
            copy_ends<2>(to, from, size);
        } else if (size == 1) {
            *to = *from;
        }
    }
    template <std::size_t Piece>
    static void copy_ends(char* to, const char* from, std::size_t size) noexcept {
        char first[Piece];
        char last[Piece];
        std::memcpy(first, from, Piece);
        std::memcpy(last, from + size - Piece, Piece);
        std::memcpy(to, first, Piece);
        std::memcpy(to + size - Piece, last, Piece);
    }
    bool grow(std::size_t more) {
        if (more > limit_ - size_) return false;
        std::size_t capacity = capacity_ == 0 ? 256 : capacity_ * 2;
        while (capacity < size_ + more)
            capacity *= 2;
        capacity = std::min(capacity, limit_);
        // Not make_unique: that would fill it with zeros.
        std::unique_ptr<char[]> bytes(new char[capacity]);
        if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
        return true;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;  ///< never above the limit, so that one comparison checks both
    std::size_t limit_ = 0;
};

}  // namespace handlebars
