// SPDX-License-Identifier: Apache-2.0
// What kainjow sees while it renders: partials of the instance, a note of what is read, and the
// limits that kainjow itself does not have.
#pragma once

#include <functional>
#include <kainjow/mustache.hpp>
#include <set>
#include <string>

#include "strict.hpp"

namespace mustache_plugin {

/// Text of a partial, or null.
using FindPartial = std::function<const kainjow::mustache::data*(const std::string& name)>;

/// Called for a marked name that has no value; throws.
using Missing = std::function<void(const Mark& mark, const char* what)>;

/// What one render may cost.
struct Limits {
    std::size_t output;        ///< bytes
    std::size_t longest_line;  ///< of all templates of the instance: what one step may print before
                               ///< kainjow shows it
};

class Context : public kainjow::mustache::context<std::string> {
public:
    Context(const FindPartial& find, const Missing& missing, Limits limits,
            const kainjow::mustache::data* data);

    // kainjow calls these. Each throws hab::sdk::Error when a limit is passed.
    void push(const kainjow::mustache::data* data) override;
    const kainjow::mustache::data* get(const std::string& name) const override;
    const kainjow::mustache::data* get_partial(const std::string& name) const override;

    /// The stream to render to: takes whole lines.
    Context& operator<<(const std::string& text);

    [[nodiscard]] const std::string& output() const noexcept { return output_; }
    [[nodiscard]] const std::set<std::string>& reads() const noexcept { return reads_; }

private:
    /// Counts what may have been printed since the last whole line.
    void pend(std::size_t bytes) const;

    const FindPartial& find_;
    const Missing& missing_;
    Limits limits_;
    std::string output_;
    const char* stack_;  ///< where the render began
    mutable std::size_t pending_ = 0;
    mutable std::set<std::string> reads_;
    mutable int partial_calls_ = 0;
    mutable int lookups_ = 0;
    int sections_ = 0;
};

}  // namespace mustache_plugin
