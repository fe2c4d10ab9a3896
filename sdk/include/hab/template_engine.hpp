// SPDX-License-Identifier: Apache-2.0
//
// Writing a template engine. One object serves one package:
//
//   class Engine {
//   public:
//       class Template { … };   // a compiled text
//       class Data { … };       // loaded JSON
//       Engine(Host host, const Options& options);
//       std::unique_ptr<Template> compile(std::string_view name, std::string_view text);
//       std::unique_ptr<Data> load(std::string_view json);
//       void update(Data& data, std::string_view pointer, std::string_view json);
//       void render(const Template& tpl, const Data& data, Sink out, Reads reads);
//       std::string pattern(std::uint32_t id);
//       void inspect(const Template& tpl, References references);  // optional
//   };
//   HAB_TEMPLATE_ENGINE(Engine, "myengine", "1.0.0", "…");
//
// Templates and data are destroyed before the engine. A syntax error is thrown as
//   throw Error(HAB_STATUS_USAGE, "…").at(name, line, column);
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "plugin.hpp"

namespace hab::sdk {

/// Receives what a render looked at: one report, at the end, of path-pattern ids.
class Reads {
public:
    explicit Reads(const hab_reads_sink* raw) noexcept : raw_(raw) {}
    /// Whether anybody wants to know.
    [[nodiscard]] bool wanted() const noexcept { return raw_ != nullptr; }
    void report(std::span<const std::uint32_t> ids) const {
        if (raw_ == nullptr) return;
        const hab_status status = raw_->reads(raw_->ctx, ids.data(), ids.size());
        if (status != HAB_STATUS_OK) raise(status, "the receiver of the reads refused them");
    }

private:
    const hab_reads_sink* raw_;
};

/// Something that a template refers to; see hab_template_reference.
struct Reference {
    std::uint32_t kind = HAB_REFERENCE_PATH;
    std::uint32_t flags = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string_view file = {};
    std::string_view text = {};
    std::string_view suggestion = {};
};

/// Receives what a template refers to.
class References {
public:
    explicit References(const hab_references_sink* raw) noexcept : raw_(raw) {}
    void report(const Reference& found) const {
        const hab_template_reference reference{.struct_size = sizeof reference,
                                               .kind = found.kind,
                                               .flags = found.flags,
                                               .line = found.line,
                                               .column = found.column,
                                               .file = to_abi(found.file),
                                               .text = to_abi(found.text),
                                               .suggestion = to_abi(found.suggestion)};
        const hab_status status = raw_->reference(raw_->ctx, &reference);
        if (status != HAB_STATUS_OK) raise(status, "the receiver of the references refused one");
    }

private:
    const hab_references_sink* raw_;
};

template <class Plugin>
concept HasTemplateCompile = requires(Plugin plugin, std::string_view text) {
    { plugin.compile(text, text) } -> std::same_as<std::unique_ptr<typename Plugin::Template>>;
};
template <class Plugin>
concept HasTemplateData =
    requires(Plugin plugin, std::string_view text, typename Plugin::Data& data) {
        { plugin.load(text) } -> std::same_as<std::unique_ptr<typename Plugin::Data>>;
        plugin.update(data, text, text);
    };
template <class Plugin>
concept HasTemplateRender =
    requires(Plugin plugin, typename Plugin::Template& tpl, typename Plugin::Data& data, Sink out,
             Reads reads) { plugin.render(tpl, data, out, reads); };
template <class Plugin>
concept HasTemplatePattern = requires(Plugin plugin, std::uint32_t id) {
    { plugin.pattern(id) } -> std::convertible_to<std::string>;
};
template <class Plugin>
concept HasTemplateInspect = requires(Plugin plugin, typename Plugin::Template& tpl,
                                      References references) { plugin.inspect(tpl, references); };

namespace detail {

/// The template table of a class.
template <class Plugin>
struct TemplateGlue {
    static_assert(CreatablePlugin<Plugin>,
                  "a template engine needs a constructor (hab::sdk::Host, const "
                  "hab::sdk::Options&), (hab::sdk::Host) or ()");
    static_assert(HasTemplateCompile<Plugin>,
                  "a template engine needs a nested class Template and `std::unique_ptr<Template> "
                  "compile(std::string_view name, std::string_view text)`");
    static_assert(HasTemplateData<Plugin>,
                  "a template engine needs a nested class Data, `std::unique_ptr<Data> "
                  "load(std::string_view json)` and `void update(Data&, std::string_view pointer, "
                  "std::string_view json)`");
    static_assert(HasTemplateRender<Plugin>,
                  "a template engine needs `void render(Template&, Data&, hab::sdk::Sink, "
                  "hab::sdk::Reads)` (references may be const)");
    static_assert(HasTemplatePattern<Plugin>,
                  "a template engine needs `std::string pattern(std::uint32_t id)`");

    using Template = typename Plugin::Template;
    using Data = typename Plugin::Data;

    static hab_status compile(void* self, hab_str name, hab_str text, void** compiled,
                              hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            *compiled = plugin.compile(from_abi(name), from_abi(text)).release();
        });
    }
    static hab_status load(void* self, hab_str json, void** data, hab_error* error) noexcept {
        return Instance<Plugin>::run(
            self, error, [&](Plugin& plugin) { *data = plugin.load(from_abi(json)).release(); });
    }
    static hab_status update(void* self, void* data, hab_str path, hab_str json,
                             hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            plugin.update(*static_cast<Data*>(data), from_abi(path), from_abi(json));
        });
    }
    static hab_status render(void* self, void* compiled, void* data, hab_sink out,
                             const hab_reads_sink* reads, hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            plugin.render(*static_cast<Template*>(compiled), *static_cast<Data*>(data), Sink(out),
                          Reads(reads));
        });
    }
    static hab_status pattern(void* self, std::uint32_t id, hab_sink out,
                              hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            const std::string text = plugin.pattern(id);
            Sink(out).write(text);
        });
    }
    static hab_status inspect(void* self, void* compiled, const hab_references_sink* out,
                              hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            plugin.inspect(*static_cast<Template*>(compiled), References(out));
        });
    }
    /// The optional function, or NULL.
    static constexpr auto inspect_if_offered() noexcept
        -> hab_status (*)(void*, void*, const hab_references_sink*, hab_error*) {
        if constexpr (HasTemplateInspect<Plugin>) {
            return &inspect;
        } else {
            return nullptr;
        }
    }
    static void release(void*, void* compiled) noexcept {
        std::unique_ptr<Template>(static_cast<Template*>(compiled)).reset();
    }
    static void release_data(void*, void* data) noexcept {
        std::unique_ptr<Data>(static_cast<Data*>(data)).reset();
    }

    static constexpr hab_template_api api{.struct_size = sizeof(hab_template_api),
                                          .compile = &compile,
                                          .load = &load,
                                          .update = &update,
                                          .render = &render,
                                          .pattern = &pattern,
                                          .release = &release,
                                          .release_data = &release_data,
                                          .inspect = inspect_if_offered()};
};

}  // namespace detail
}  // namespace hab::sdk

/// HAB_TEMPLATE_ENGINE(Class, "id", "version", "summary" [, .field = value …]): makes the class a
/// plugin.
#define HAB_TEMPLATE_ENGINE(CLASS, ID, VERSION, SUMMARY, ...)                                \
    HAB_DETAIL_PLUGIN(HAB_KIND_TEMPLATE, ::hab::sdk::detail::TemplateGlue<CLASS>, CLASS,     \
                      HAB_DETAIL_JOIN(template_, __COUNTER__), .id = ID, .version = VERSION, \
                      .summary = SUMMARY __VA_OPT__(, ) __VA_ARGS__)
