// SPDX-License-Identifier: Apache-2.0
// Errors across the edge: statuses and codes, plugin errors as hab::Error and back.
#include <fmt/format.h>

#include "base/strings.hpp"
#include "plugin/host.hpp"

namespace hab::plugin {
namespace {

constexpr std::size_t longest_text = 4096;

/// Text of a plugin as it may be shown: bounded, valid UTF-8, no control characters but newlines.
std::string presentable(std::string_view text) {
    if (text.size() > longest_text) {
        text = text.substr(0, longest_text);
        // Not in the middle of a character.
        while (!text.empty() && !is_utf8(text) &&
               (static_cast<unsigned char>(text.back()) & 0x80) != 0) {
            text.remove_suffix(1);
        }
    }
    const bool valid = is_utf8(text);
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool control = (byte < 0x20 && c != '\n') || byte == 0x7f;
        out += control || (!valid && byte >= 0x80) ? '?' : c;
    }
    return out;
}

}  // namespace

ErrorCode to_error_code(hab_status status) noexcept {
    switch (status) {
        case HAB_STATUS_USAGE:
            return ErrorCode::usage;
        case HAB_STATUS_UNSUPPORTED:
            return ErrorCode::unsupported;
        case HAB_STATUS_CANCELLED:
            return ErrorCode::cancelled;
        case HAB_STATUS_IO:
            return ErrorCode::io;
        case HAB_STATUS_NOT_FOUND:
            return ErrorCode::not_found;
        case HAB_STATUS_DENIED:
            return ErrorCode::denied;
        case HAB_STATUS_BUG:
            return ErrorCode::bug;
        default:
            return ErrorCode::failed;
    }
}

hab_status to_status(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::usage:
        case ErrorCode::invalid_input:
            return HAB_STATUS_USAGE;
        case ErrorCode::not_found:
            return HAB_STATUS_NOT_FOUND;
        case ErrorCode::denied:
            return HAB_STATUS_DENIED;
        case ErrorCode::unsupported:
            return HAB_STATUS_UNSUPPORTED;
        case ErrorCode::io:
        case ErrorCode::no_space:
            return HAB_STATUS_IO;
        case ErrorCode::cancelled:
            return HAB_STATUS_CANCELLED;
        case ErrorCode::bug:
            return HAB_STATUS_BUG;
        case ErrorCode::failed:
        case ErrorCode::already_exists:
        case ErrorCode::timeout:
        case ErrorCode::crypto:
        case ErrorCode::conflict:
            return HAB_STATUS_FAILED;
    }
    return HAB_STATUS_FAILED;
}

Error to_error(std::string_view label, hab_status status, const hab_error& error) {
    auto message = presentable(error.message);
    if (message.empty()) message = fmt::format("failed with status {} and no message", status);
    auto hint = presentable(error.hint);
    if (error.line != 0) {
        return {
            ErrorCode::invalid_input,
            fmt::format("{}:{}:{}: {}", presentable(error.file), error.line, error.column, message),
            std::move(hint)};
    }
    if (status == HAB_STATUS_BUG) {
        if (hint.empty()) hint = fmt::format("this is a bug of the plugin; tell its vendor");
        return {ErrorCode::bug, fmt::format("{} broke: {}", label, message), std::move(hint)};
    }
    return {to_error_code(status), fmt::format("{}: {}", label, message), std::move(hint)};
}

hab_status fill_error(hab_error* error, const Error& what) noexcept {
    const auto status = to_status(what.code());
    if (error == nullptr) return status;
    try {
        error->message = what.message();
        error->hint = what.hint();
    } catch (const std::bad_alloc&) {
        error->message.clear();  // the status alone has to do
    }
    error->status = status;
    return status;
}

void put(hab_sink sink, std::string_view text) {
    if (sink.put == nullptr || text.empty()) return;
    const auto status = sink.put(sink.ctx, text.data(), text.size());
    if (status != HAB_STATUS_OK) {
        throw Error(to_error_code(status), "the plugin stopped reading the output");
    }
}

}  // namespace hab::plugin
