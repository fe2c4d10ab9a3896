// SPDX-License-Identifier: Apache-2.0
//
// C++ faces of the ABI's basic types: text, errors, sinks and callbacks. Header-only, like
// everything in hab::sdk; nothing here is part of the ABI.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "plugin.h"

namespace hab::sdk {

/// Text across the edge, without a copy.
[[nodiscard]] inline hab_str to_abi(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
/// Text from across the edge, without a copy: valid as long as the call it came with.
[[nodiscard]] inline std::string_view from_abi(hab_str text) noexcept {
    return text.ptr == nullptr ? std::string_view{} : std::string_view{text.ptr, text.len};
}

/// A failure as it crosses the edge: status, sentence, hint, and perhaps a position in a text.
/// Throw it from any plugin function; the wrappers turn it into a status and an error text.
class Error : public std::exception {
public:
    Error(hab_status status, std::string message, std::string hint = {})
        : status_(status), message_(std::move(message)), hint_(std::move(hint)) {}

    /// The same error, placed in a text: line and column count from 1.
    [[nodiscard]] Error at(std::string file, std::uint32_t line, std::uint32_t column) && {
        file_ = std::move(file);
        line_ = line;
        column_ = column;
        return std::move(*this);
    }

    [[nodiscard]] hab_status status() const noexcept { return status_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
    [[nodiscard]] const std::string& message() const noexcept { return message_; }
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    [[nodiscard]] std::uint32_t line() const noexcept { return line_; }
    [[nodiscard]] std::uint32_t column() const noexcept { return column_; }

private:
    hab_status status_;
    std::string message_;
    std::string hint_;
    std::string file_;
    std::uint32_t line_ = 0;
    std::uint32_t column_ = 0;
};

/// Throws an Error: `raise(HAB_STATUS_IO, "cannot write '" + path + "': " + reason);`
[[noreturn]] inline void raise(hab_status status, std::string message, std::string hint = {}) {
    throw Error(status, std::move(message), std::move(hint));
}

/// Where a plugin writes a result of variable size. A view of the host's sink.
class Sink {
public:
    explicit Sink(hab_sink sink) noexcept : sink_(sink) {}

    /// Hands bytes over. Throws if the other side wants no more.
    void write(std::string_view bytes) const {
        if (sink_.put == nullptr || bytes.empty()) return;
        const hab_status status = sink_.put(sink_.ctx, bytes.data(), bytes.size());
        if (status != HAB_STATUS_OK) raise(status, "the receiver of the output stopped reading");
    }

private:
    hab_sink sink_;
};

/// A list of text for the ABI, pointing into what it was made from.
template <class Range>
[[nodiscard]] std::vector<hab_str> to_abi_list(const Range& range) {
    std::vector<hab_str> list;
    list.reserve(range.size());
    for (const auto& text : range)
        list.push_back(to_abi(text));
    return list;
}

/// Name and value.
struct KeyValue {
    std::string key;
    std::string value;
};

/// Names and values for the ABI, pointing into what they were made from.
[[nodiscard]] inline std::vector<hab_kv> to_abi_list(const std::vector<KeyValue>& pairs) {
    std::vector<hab_kv> list;
    list.reserve(pairs.size());
    for (const auto& [key, value] : pairs)
        list.push_back({to_abi(key), to_abi(value)});
    return list;
}

/// Names and values from the ABI, copied.
[[nodiscard]] inline std::vector<KeyValue> copy_pairs(const hab_kv* pairs, std::size_t count) {
    std::vector<KeyValue> list;
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back(
            {std::string(from_abi(pairs[i].key)), std::string(from_abi(pairs[i].value))});
    }
    return list;
}

/// Text list from the ABI, copied.
[[nodiscard]] inline std::vector<std::string> copy_list(const hab_str* items, std::size_t count) {
    std::vector<std::string> list;
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        list.emplace_back(from_abi(items[i]));
    return list;
}

/// Whether a table or struct from the other side is new enough to have a member, and has it set.
template <class Table, class Member>
[[nodiscard]] bool offers(const Table* table, Member Table::* member) noexcept {
    if (table == nullptr) return false;
    const auto* begin = reinterpret_cast<const char*>(table);
    const auto* end = reinterpret_cast<const char*>(&(table->*member)) + sizeof(Member);
    if (static_cast<std::size_t>(end - begin) > table->struct_size) return false;
    if constexpr (std::is_pointer_v<Member>) return (table->*member) != nullptr;
    return true;
}

/// A member of a struct that may be older than this header; `fallback` if it lacks the member.
template <class Table, class Member>
[[nodiscard]] Member member_or(const Table* table, Member Table::* member,
                               Member fallback = {}) noexcept {
    const auto* begin = reinterpret_cast<const char*>(table);
    const auto* end = reinterpret_cast<const char*>(&(table->*member)) + sizeof(Member);
    return static_cast<std::size_t>(end - begin) <= table->struct_size ? table->*member : fallback;
}

namespace detail {

/// Keeps an exception that a callback threw, so that it does not cross the host's code.
class Stowaway {
public:
    template <class Fn>
    hab_status run(Fn&& fn) noexcept {
        try {
            std::forward<Fn>(fn)();
            return HAB_STATUS_OK;
        } catch (const Error& error) {
            pending_ = std::current_exception();
            return error.status();
        } catch (...) {  // an edge: rethrown on the other side by rethrow()
            pending_ = std::current_exception();
            return HAB_STATUS_FAILED;
        }
    }
    void rethrow() const {
        if (pending_) std::rethrow_exception(pending_);
    }

private:
    std::exception_ptr pending_;
};

/// A sink that calls a C++ function. Must outlive the call it is passed to.
template <class Fn>
class CallbackSink {
public:
    explicit CallbackSink(Fn fn) : fn_(std::move(fn)) {}
    [[nodiscard]] hab_sink abi() noexcept { return {this, &put}; }
    void rethrow() const { stowaway_.rethrow(); }

private:
    static hab_status put(void* ctx, const void* data, std::size_t size) noexcept {
        auto* self = static_cast<CallbackSink*>(ctx);
        const std::string_view bytes(static_cast<const char*>(data), size);
        return self->stowaway_.run([&] { self->fn_(bytes); });
    }
    Fn fn_;
    Stowaway stowaway_;
};

/// A sink that collects text.
class StringSink {
public:
    [[nodiscard]] hab_sink abi() noexcept { return {&text_, &put}; }
    [[nodiscard]] std::string& text() noexcept { return text_; }

private:
    static hab_status put(void* ctx, const void* data, std::size_t size) noexcept {
        try {
            static_cast<std::string*>(ctx)->append(static_cast<const char*>(data), size);
            return HAB_STATUS_OK;
        } catch (const std::exception&) {  // no memory, or too long
            return HAB_STATUS_FAILED;
        }
    }
    std::string text_;
};

}  // namespace detail
}  // namespace hab::sdk
