// SPDX-License-Identifier: Apache-2.0
// The one error type of the project.
#pragma once

#include <cerrno>
#include <exception>
#include <string>
#include <string_view>

namespace hab {

/// What kind of thing went wrong; callers branch on it, users read the sentence.
enum class ErrorCode {
    failed,         ///< anything that has no better word
    usage,          ///< the call itself was wrong: exit code 2
    invalid_input,  ///< bytes, text or a file that do not follow their format
    not_found,
    already_exists,
    denied,       ///< permission or trust
    unsupported,  ///< valid, but not here (kernel, build, version)
    io,           ///< the operating system refused; errno is in the text
    no_space,     ///< disk or quota full
    cancelled,
    timeout,
    crypto,    ///< keys, signatures, hashes
    conflict,  ///< state of the world does not allow it now
    bug,       ///< ours or a plugin's
};

/// Stable lower-case word for a code, for logs and JSON.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// An error as the user will read it: `what()` is one sentence that says what was tried, on what and why
/// it failed; `hint()` says what to do next (may be empty). Copyable; immutable once thrown.
class Error : public std::exception {
public:
    Error(ErrorCode code, std::string message, std::string hint = {});

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
    [[nodiscard]] const std::string& message() const noexcept { return message_; }
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }
    /// errno of an `io` error, else 0.
    [[nodiscard]] int system_errno() const noexcept { return errno_; }

    /// The same error seen from one level up: "<context>: <message>". Code, hint and errno stay.
    [[nodiscard]] Error in(std::string_view context) const;
    /// The same error with another hint.
    [[nodiscard]] Error with_hint(std::string hint) const;

    /// An `io` (or not_found / denied / no_space / already_exists) error from an errno value:
    /// "<tried>: <strerror>".
    [[nodiscard]] static Error from_errno(std::string_view tried, int errnum = errno);

private:
    ErrorCode code_;
    int errno_ = 0;
    std::string message_;
    std::string hint_;
};

/// Exit code of a command that ends with this error: 2 for usage errors, 1 for all others.
[[nodiscard]] int exit_code(const Error& error) noexcept;

}  // namespace hab
