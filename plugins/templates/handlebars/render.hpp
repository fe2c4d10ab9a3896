// SPDX-License-Identifier: Apache-2.0
// One rendering of one template: the stack of contexts, the output, and what was read.
#pragma once

#include <cstdint>
#include <functional>
#include <hab/host.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "ast.hpp"
#include "output_buffer.hpp"
#include "patterns.hpp"

namespace handlebars {

/// What a render shares with the engine instance. Everything is borrowed for the render.
struct Environment {
    hab::sdk::Host host;
    Mode mode;
    Names& names;
    Patterns& patterns;
    std::function<Program*(std::string_view name)> find_partial;
    std::function<std::string(std::string_view name)> near_partial;  ///< probably meant, or empty
    std::size_t output_limit;                                        ///< bytes
    bool is_strict = false;  ///< a missing value is an error
};

class Render {
public:
    /// `out` is emptied first.
    Render(Environment& environment, Value root, bool wants_reads, OutputBuffer& out);
    Render(const Render&) = delete;
    Render& operator=(const Render&) = delete;

    /// Appends the program's output. Throws hab::sdk::Error with the place in the template.
    void run(Program& program);
    /// Each pattern read, once.
    [[nodiscard]] const std::vector<PatternId>& reads() const noexcept { return reads_; }

    // For helpers.
    [[nodiscard]] Environment& environment() noexcept { return environment_; }
    [[nodiscard]] Store& scratch() noexcept { return scratch_; }
    [[nodiscard]] Value root() const noexcept { return root_; }
    [[nodiscard]] const Program& program() const noexcept { return *program_; }
    /// A member by name, with its pattern; null if there is none.
    [[nodiscard]] Value member(const Value& object, std::string_view name);
    /// A member found by a computed key: the container is what was read.
    /// Without a store if there is none.
    [[nodiscard]] Value dynamic_member(const Value& container, const Value& key);
    /// Whether a strict render must refuse a value that a helper did not find.
    [[nodiscard]] bool refuses_missing() const noexcept {
        return environment_.is_strict && !allows_missing_;
    }
    [[nodiscard]] Value item(const Value& list, std::uint32_t index);
    /// Pattern of the elements of a list or table.
    [[nodiscard]] PatternId any_pattern(const Value& list) {
        return wants_reads_ ? environment_.patterns.any(list.pattern) : no_pattern;
    }
    void mark_read(PatternId pattern);
    /// Tells the host's log about something odd at a place in the template.
    void warn(std::size_t offset, const std::string& message);
    /// Throws at a place in the template.
    [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint = {}) const;

private:
    /// One level that ../ climbs over.
    struct Scope {
        Value context;
        const std::vector<KeyId>* param_names = nullptr;
        Value params[2];
        const std::vector<std::pair<KeyId, Value>>* overlay = nullptr;  ///< name=value of a partial
        bool is_partial = false;  ///< block parameters of outer scopes are out of sight
        bool has_locals = false;
        std::int64_t index = -1;  ///< -1: not set
        Value key;
        bool first = false;
        bool last = false;
        bool has_last = true;
        std::uint32_t path_depth = 0;  ///< steps from the root, list positions included
    };
    /// The body of {{#> name}} while its partial runs.
    struct PartialBlock {
        Body* body = nullptr;
        Program* program = nullptr;
        std::size_t outer = 0;  ///< how many of blocks_ are visible to the body
    };
    struct VisibleInline {
        InlinePartial* partial;
        Program* program;
    };
    struct LoopItem {
        std::uint32_t position;  ///< in the list or table
        std::int64_t index;      ///< @index
        bool first;
        bool last;
    };

    void render_body(Body& body);
    /// Of a body of texts and paths alone: the elements from `begin` to before `end`.
    void render_flat(Body& body, std::size_t begin, std::size_t end);
    void count_body();
    void render_output(Output& output);
    /// The value of a path from the innermost context whose steps have been found before, without
    /// any copy; null where that is not so, and resolve() has to be asked.
    [[nodiscard]] const Node* find_quickly(const Path& path);
    void render_block(Block& block);
    void render_each(Block& block);
    void render_each_alive(Block& block);
    /// A loop has one scope; only what differs from item to item is set anew.
    void begin_loop(Block& block, const Value& list);
    void set_loop_item(const Value& list, const LoopItem& item);
    void render_loop_item(Block& block, const Value& list, const LoopItem& item);
    /// All items of a loop whose body has a joint: text between two items is printed at once.
    void render_joined_loop(Block& block, const Value& list);
    void end_loop(Block& block);
    [[nodiscard]] std::vector<std::uint32_t> alive_members(const Value& list);
    void render_with(Block& block, const Value& value);
    void render_section(Block& block);
    void render_partial(Partial& partial);
    void render_partial_block_reference(Partial& partial);
    void render_default(Partial& partial);
    [[noreturn]] void fail_no_partial(const Partial& partial, const std::string& name) const;
    void call_partial(Partial& partial, Program& program, Body& body, bool gives_block);
    [[nodiscard]] std::string partial_name(Partial& partial);
    void render_condition(Block& block);
    void indent_from(std::size_t begin, const std::string& indent);

    void append(std::string_view text) {
        if (!out_.append(text)) fail_too_large();
    }
    [[noreturn]] void fail_too_large() const;
    void append_value(const Value& value);

    Value evaluate(Expression& expression);
    /// Of an expression that asks whether something is there: missing is an answer.
    Value evaluate_test(Expression& expression);
    /// What each and with are about; if there is an {{else}}, it may be missing.
    Value evaluate_subject(Block& block);
    Value evaluate_call(Call& call);
    /// Head without arguments: variable or helper.
    Value evaluate_head(Call& call);
    Value resolve(Path& path);
    Value resolve_base(Path& path, std::size_t& from_segment);
    Value resolve_local(const Path& path);
    Node step(const Value& from, Segment& segment, Path& path);
    [[nodiscard]] bool is_missing(const Value& from, const Segment& segment) const;
    [[noreturn]] void fail_missing(const Path& path, const Value& found, std::size_t missing) const;
    [[nodiscard]] std::string members_hint(const Value& table, const Path& path,
                                           std::size_t missing) const;
    PatternId pattern_of(const Value& base, Path& path, std::size_t from_segment);
    [[nodiscard]] bool find_block_param(const Path& path, Value& found) const;
    [[nodiscard]] std::uint32_t depth_of(const Expression& expression) const;

    Environment& environment_;
    Value root_;
    bool wants_reads_;
    bool allows_missing_ = false;  ///< strict: what is evaluated may be missing
    Program* program_ = nullptr;
    OutputBuffer& out_;
    Store scratch_;
    std::vector<Scope> scopes_;
    int named_scopes_ = 0;  ///< how many of them have block parameters
    std::vector<PartialBlock> blocks_;
    std::vector<VisibleInline> inlines_;
    std::vector<char> is_read_;  ///< by pattern
    std::vector<PatternId> reads_;
    int depth_ = 0;  ///< nested bodies
    int partial_depth_ = 0;
    int partial_calls_ = 0;
    int bodies_ = 0;
};

}  // namespace handlebars
