// SPDX-License-Identifier: Apache-2.0
// What a template refers to, found by walking through it without data.
#pragma once

#include <hab/template_engine.hpp>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ast.hpp"
#include "render.hpp"

namespace handlebars {

/// Follows the same scopes as Render, with patterns in the place of values. Conditions are taken to
/// go either way and loops to run once; partials are entered where they are included. Interns
/// patterns, changes nothing else.
class Inspect {
public:
    Inspect(Environment& environment, hab::sdk::References out);

    void run(const Program& program);

private:
    struct Scope {
        PatternId context = 0;
        const std::vector<KeyId>* param_names = nullptr;
        PatternId params[2] = {no_pattern, no_pattern};
        std::vector<std::pair<KeyId, PatternId>> overlay;
        bool is_partial = false;
        std::uint32_t path_depth = 0;
    };
    struct PartialBlock {
        const Body* body;
        const Program* program;
        std::size_t outer;
    };
    struct VisibleInline {
        const InlinePartial* partial;
        const Program* program;
    };
    /// Where a body was entered from: the same way twice shows nothing new.
    using Visit = std::tuple<const Body*, PatternId, std::vector<PatternId>,
                             std::vector<std::pair<KeyId, PatternId>>>;

    void walk(const Body& body);
    void walk_guarded(const Body& body, const std::vector<PatternId>& guards);
    void walk_block(const Block& block);
    void walk_condition(const Block& block);
    void walk_loop(const Block& block);
    void walk_with(const Block& block);
    void walk_section(const Block& block);
    void walk_partial(const Partial& partial);
    void walk_partial_block_reference();
    void enter_partial(const Partial& partial, const Program& program, const Body& body,
                       bool gives_block);

    /// Reports what an expression refers to and gives the pattern of its value. `is_test`: only
    /// asked whether it is there.
    PatternId expression(const Expression& expression, bool is_test);
    PatternId head(const Call& call, bool is_test);
    PatternId call(const Call& call, bool is_test);
    PatternId lookup(const Call& call, PatternId container, bool is_test);
    PatternId path(const Path& path, bool is_test);
    PatternId base_of(const Path& path, std::size_t& from_segment) const;
    [[nodiscard]] PatternId below(PatternId pattern, KeyId key);
    /// What must be there if a condition is true.
    void collect_guards(const Expression& expression, PatternId pattern,
                        std::vector<PatternId>& guards);
    [[nodiscard]] std::uint32_t depth_of(const Expression& expression) const;

    void report(std::uint32_t kind, std::uint32_t flags, std::size_t offset, std::string_view text,
                std::string_view suggestion = {});
    void report_path(PatternId pattern, std::size_t offset, bool is_test);

    Environment& environment_;
    hab::sdk::References out_;
    const Program* program_ = nullptr;
    std::vector<Scope> scopes_;
    std::vector<PatternId> guards_;
    std::vector<PartialBlock> blocks_;
    std::vector<VisibleInline> inlines_;
    std::set<Visit> visits_;
    int partial_depth_ = 0;
    int partial_calls_ = 0;
};

}  // namespace handlebars
