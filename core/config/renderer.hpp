// SPDX-License-Identifier: Apache-2.0
// Renders the templates of one package with its template engine and writes what changed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "plugin/template_engine.hpp"

namespace hab::config {

/// How rendered files look on disk.
struct OutputStyle {
    mode_t file_mode = 0640;
    mode_t directory_mode = 0750;  ///< of directories made on the way; existing ones are left alone
    std::optional<uid_t> owner = {};  ///< unset: whoever runs this
    std::optional<gid_t> group = {};
};

/// What happened to one file.
struct Rendered {
    enum class Outcome { created, modified, unchanged };
    std::string name;              ///< as given to add_*: "redis.conf", "hooks/run"
    std::filesystem::path target;  ///< where it was (or would have been) written
    Outcome outcome;
    std::vector<std::string>
        reads;  ///< path patterns looked at ("cfg.port", "svc.members.*.sys.ip")
};

/// Something that a template refers to, with its place as people look for it.
struct Reference {
    plugin::TemplateReference what;
    std::string place;    ///< "/p/config/app.conf:3:7"
    std::string excerpt;  ///< the source line and a caret, as plugin::excerpt gives them
};

/// What one rendering did, and why.
struct RenderReport {
    std::vector<std::string> changed;  ///< data that changed ("cfg.port"); "" is all of it
    std::vector<Rendered> rendered;
    std::vector<std::string> skipped;  ///< names of templates that read nothing of what changed
};

/// The templates of one package, compiled once; data, loaded once and updated in parts. Every
/// template of a Renderer can include the others by name. Owns the engine. Not thread-safe.
class Renderer {
public:
    explicit Renderer(plugin::TemplateEngine engine);
    Renderer(Renderer&&) noexcept;
    Renderer& operator=(Renderer&&) noexcept;
    ~Renderer();

    /// Adds and compiles every file below `source` (recursively, in name order); their names are
    /// the paths relative to `source` with `prefix` in front, their targets those paths below
    /// `target`. A missing `source` adds nothing. Returns how many were added. A syntax error
    /// throws invalid_input "<file>:<line>:<column>: …" and adds nothing.
    std::size_t add_tree(const std::filesystem::path& source, const std::filesystem::path& target,
                         const OutputStyle& style, std::string_view prefix = {});
    /// Adds and compiles one file. Throws as add_tree; already_exists if the name is taken.
    void add_file(std::string name, const std::filesystem::path& source,
                  const std::filesystem::path& target, const OutputStyle& style);

    /// Hands the whole template data over (an object with cfg, pkg, sys, svc, bind). Everything
    /// counts as changed.
    void set_data(const Value& root);
    /// Replaces one part: `pointer` is a JSON Pointer such as "/cfg" or "/svc/me". What is there
    /// counts as changed. Throws not_found if the parent is missing; then nothing has changed.
    void update_data(std::string_view pointer, const Value& part);
    /// The same, but only what the pointers in `changed` name differs from before. They begin at
    /// the top of the data: "/cfg/port".
    void update_data(std::string_view pointer, const Value& part,
                     std::span<const std::string> changed);

    /// Gives the data back if it is quickly loaded again: a thousand services that wait for a change
    /// need not hold what they were rendered from.
    void release_small_data();
    [[nodiscard]] bool has_data() const noexcept;
    /// set_data() after a release: only what the pointers in `changed` name differs from what the
    /// templates were rendered with.
    void reload_data(const Value& root, std::span<const std::string> changed);

    /// Text of one template with the current data. Throws invalid_input "<file>:<line>:<column>: …"
    /// for a template that fails, not_found for an unknown name.
    [[nodiscard]] std::string render(std::string_view name) const;

    /// Renders the templates that read something that has changed since they were rendered last,
    /// and those never rendered; then as render_all().
    RenderReport render_changed();
    /// Renders everything, and only if all of it worked writes those files whose bytes differ from
    /// what is on disk, each atomically. So an error leaves every old file in place.
    std::vector<Rendered> render_all();
    /// The same for the templates whose name begins with `prefix` ("hooks/").
    std::vector<Rendered> render_matching(std::string_view prefix);

    /// What a template and the ones it includes refer to, without data. Throws unsupported if the
    /// engine cannot tell, not_found for an unknown name.
    [[nodiscard]] std::vector<Reference> references(std::string_view name) const;

    /// Names in the order in which they were added.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hab::config
