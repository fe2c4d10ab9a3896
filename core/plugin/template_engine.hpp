// SPDX-License-Identifier: Apache-2.0
// A template plugin, typed. One engine serves one package: names compiled in it are its partials.
#pragma once

#include <cstdint>
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

/// Shares its instance when copied. Errors in a text are thrown as "<name>:<line>:<column>:
/// <message>".
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

private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace hab::plugin
