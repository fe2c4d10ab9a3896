// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cstring>
#include <utility>

namespace hab {

std::string_view to_string(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::failed:
            return "failed";
        case ErrorCode::usage:
            return "usage";
        case ErrorCode::invalid_input:
            return "invalid-input";
        case ErrorCode::not_found:
            return "not-found";
        case ErrorCode::already_exists:
            return "already-exists";
        case ErrorCode::denied:
            return "denied";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::io:
            return "io";
        case ErrorCode::no_space:
            return "no-space";
        case ErrorCode::cancelled:
            return "cancelled";
        case ErrorCode::timeout:
            return "timeout";
        case ErrorCode::crypto:
            return "crypto";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::bug:
            return "bug";
    }
    return "failed";
}

Error::Error(ErrorCode code, std::string message, std::string hint)
    : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

Error Error::in(std::string_view context) const {
    Error outer = *this;
    outer.message_ = std::string(context) + ": " + message_;
    return outer;
}

Error Error::with_hint(std::string hint) const {
    Error copy = *this;
    copy.hint_ = std::move(hint);
    return copy;
}

namespace {

ErrorCode code_of(int errnum) noexcept {
    switch (errnum) {
        case ENOENT:
        case ENOTDIR:
            return ErrorCode::not_found;
        case EEXIST:
            return ErrorCode::already_exists;
        case EACCES:
        case EPERM:
        case EROFS:
            return ErrorCode::denied;
        case ENOSPC:
        case EDQUOT:
            return ErrorCode::no_space;
        case ENOSYS:
        case EOPNOTSUPP:
            return ErrorCode::unsupported;
        case ETIMEDOUT:
            return ErrorCode::timeout;
        default:
            return ErrorCode::io;
    }
}

}  // namespace

Error Error::from_errno(std::string_view tried, int errnum) {
    char buffer[128];
    const char* text = ::strerror_r(errnum, buffer, sizeof buffer);
    Error error(code_of(errnum), std::string(tried) + ": " + text);
    error.errno_ = errnum;
    if (error.code_ == ErrorCode::no_space) {
        error.hint_ = "free some space on that file system and try again";
    } else if (error.code_ == ErrorCode::denied) {
        error.hint_ = "check the owner and mode of the path, or run the command as root";
    }
    return error;
}

int exit_code(const Error& error) noexcept {
    return error.code() == ErrorCode::usage ? 2 : 1;
}

}  // namespace hab
