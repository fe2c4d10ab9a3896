// SPDX-License-Identifier: Apache-2.0
// A template plugin, typed. One engine serves one package: names compiled in it are its partials.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

class Instance;

/// A handle of the engine; gives itself back when it goes. Movable; keeps the engine alive.
class TemplateHandle {
public:
    using Release = void (*)(void* self, void* handle);
    TemplateHandle(std::shared_ptr<Instance> instance, void* handle, Release release) noexcept;
    TemplateHandle(TemplateHandle&& other) noexcept;
    TemplateHandle& operator=(TemplateHandle&& other) noexcept;
    ~TemplateHandle();
    [[nodiscard]] void* get() const noexcept { return handle_; }

private:
    void reset() noexcept;
    std::shared_ptr<Instance> instance_;
    void* handle_;
    Release release_;
};

/// A compiled text.
class CompiledTemplate : public TemplateHandle {
    using TemplateHandle::TemplateHandle;
};
/// A loaded JSON context.
class TemplateData : public TemplateHandle {
    using TemplateHandle::TemplateHandle;
};

/// Something that a template refers to, known without data. See hab_template_reference.
struct TemplateReference {
    enum class Kind { path, helper, partial };
    Kind kind = Kind::path;
    bool dynamic = false;  ///< a path: that of the container, with ".**"; a partial: without a name
    bool guarded = false;  ///< rendered only if this value, or one above it, is there
    bool test = false;     ///< only asked whether it is there
    bool unknown = false;  ///< no such helper or partial
    std::string file;      ///< name of the template it stands in: this one or a partial
    std::uint32_t line = 0;
    std::uint32_t column = 0;  ///< in characters, from 1
    std::string text;          ///< the path pattern ("bind.db.members.*.sys.ip"), or the name
    std::string suggestion;  ///< of an unknown helper or partial: what was probably meant, or empty
};

/// Shares its instance when copied. Errors in a text are thrown as invalid_input with the message
/// "<name>:<line>:<column>: <message>", followed by the source line and a caret (see excerpt.hpp).
class TemplateEngine {
public:
    explicit TemplateEngine(std::shared_ptr<Instance> instance);

    [[nodiscard]] const PluginMeta& meta() const noexcept;
    [[nodiscard]] CompiledTemplate compile(std::string_view name, std::string_view text) const;
    [[nodiscard]] TemplateData load(std::string_view json) const;
    /// Replaces the value at a JSON Pointer; an empty `json` removes it.
    void update(TemplateData& data, std::string_view pointer, std::string_view json) const;
    /// Renders. If `reads` is given, it receives the ids of the path patterns that were looked at.
    [[nodiscard]] std::string render(const CompiledTemplate& compiled, const TemplateData& data,
                                     std::vector<std::uint32_t>* reads = nullptr) const;
    /// Text of a path pattern, e.g. "bind.backend.members.*.sys.ip".
    [[nodiscard]] std::string pattern(std::uint32_t id) const;

    /// Whether the engine can tell what a template refers to.
    [[nodiscard]] bool can_inspect() const noexcept;
    /// Everything the template and its partials refer to, in the order of the text. Throws
    /// unsupported if the engine cannot.
    [[nodiscard]] std::vector<TemplateReference> inspect(const CompiledTemplate& compiled) const;
    /// Text of a template by name, as it was compiled last; empty if there is none.
    [[nodiscard]] std::string_view source(std::string_view name) const noexcept;

private:
    using Sources = std::map<std::string, std::string, std::less<>>;
    template <class Fn>
    void call(Fn&& fn) const;

    std::shared_ptr<Instance> instance_;
    std::shared_ptr<Sources> sources_;  ///< of what was compiled, for messages
};

}  // namespace hab::plugin
