// SPDX-License-Identifier: Apache-2.0
// Drives the engine through its ABI tables, as the host does, without a file.
#pragma once

#include <hab/plugin.h>

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace handlebars_test {

/// What a call that failed reported.
struct Failure {
    hab_status status = HAB_STATUS_OK;
    std::string message;
    std::string hint;
    std::string where;  ///< "file:line:column", empty if there is none
};

/// An engine instance with one data document.
class Driver {
public:
    using Settings = std::vector<std::pair<std::string, std::string>>;
    explicit Driver(const std::string& mode, const Settings& more = {});
    ~Driver();
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    /// False if it failed; then failure() tells why.
    bool compile(const std::string& name, std::string_view text);
    bool load(std::string_view json);
    /// Gives the data back; only load() may follow.
    void drop_data();
    bool update(std::string_view pointer, std::string_view json);
    /// Nothing if it failed.
    std::optional<std::string> render(const std::string& name);
    void release(const std::string& name);

    /// What a template refers to, one line each: "1:3 path cfg.port guarded test dynamic",
    /// "p:2:1 helper toJsno unknown toJson"; the file only if it is another one. Nothing if it
    /// failed.
    std::optional<std::vector<std::string>> references(const std::string& name);

    [[nodiscard]] const Failure& failure() const noexcept;
    /// Texts of the patterns the last render read, sorted.
    [[nodiscard]] std::vector<std::string> reads();
    /// Log lines, "warn: …".
    [[nodiscard]] const std::vector<std::string>& log() const noexcept;
    /// Sizes of the blocks that the last render wrote.
    [[nodiscard]] const std::vector<std::size_t>& blocks() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One row of a table of examples. A null expectation means: refused, at compile or render time.
struct Case {
    const char* text;
    const char* json;
    const char* modern;
    const char* classic;
    const char* partials = "{}";  ///< JSON object: names and texts
};

inline constexpr const char* refused = nullptr;

/// Makes the tests of a table listable by their templates.
void PrintTo(const Case& row, std::ostream* out);

/// Checks a row in both modes.
void check(const Case& row);

}  // namespace handlebars_test
