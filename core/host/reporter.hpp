// SPDX-License-Identifier: Apache-2.0
// Where plugins' progress and results are shown.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/terminal.hpp"

namespace hab::host {

/// One step of a plugin's work.
struct Step {
    std::string title;
    std::uint64_t total = 0;  ///< 0 = unknown
    std::string unit;         ///< "bytes", "files" or a word for people
    std::uint64_t done = 0;
};

/// Called from any thread of a plugin, one call at a time.
class Reporter {
public:
    virtual ~Reporter() = default;
    virtual void begin(const Step&) {}
    virtual void advance(const Step&) {}
    virtual void message(const Step&, std::string_view) {}
    virtual void end(const Step&, bool /*good*/) {}
};

/// Progress lines on a command's terminal.
class TerminalReporter final : public Reporter {
public:
    /// Borrows the terminal.
    explicit TerminalReporter(Terminal& terminal) noexcept : terminal_(terminal) {}
    void begin(const Step& step) override;
    void advance(const Step& step) override;
    void end(const Step& step, bool good) override;

private:
    Terminal& terminal_;
};

}  // namespace hab::host
