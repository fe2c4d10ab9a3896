// SPDX-License-Identifier: Apache-2.0
//
// What every kind of plugin needs: the guard between C++ and the ABI, instances, descriptors and
// the entry function. Authors include <hab/exporter.hpp> (or studio, topology, template_engine).
//
// One library may hold several plugins: use the macros several times, in one file or in many.
#pragma once

#include <concepts>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "host.hpp"
#include "metadata.hpp"
#include "options.hpp"

namespace hab::sdk {

/// Runs `fn` and turns whatever it throws into a status and an error text: nothing crosses the
/// edge.
template <class Fn>
hab_status guard(const hab_host* host, hab_error* error, Fn&& fn) noexcept {
    const auto fail = [&](hab_status status, std::string_view message) noexcept {
        host->error_set(error, status, to_abi(message));
        return status;
    };
    try {
        std::forward<Fn>(fn)();
        return HAB_STATUS_OK;
    } catch (const Error& e) {
        fail(e.status(), e.message());
        if (!e.hint().empty()) host->error_hint(error, to_abi(e.hint()));
        if (e.line() != 0) host->error_where(error, to_abi(e.file()), e.line(), e.column());
        return e.status();
    } catch (const std::bad_alloc&) {
        return fail(HAB_STATUS_FAILED, "out of memory");
    } catch (const std::exception& e) {
        return fail(HAB_STATUS_BUG, e.what());
    } catch (...) {  // the edge of the library
        return fail(HAB_STATUS_BUG, "an exception of unknown type");
    }
}

/// A class that the host can make: constructible from (Host, const Options&), (Host) or ().
template <class Plugin>
concept CreatablePlugin =
    std::constructible_from<Plugin, Host, const Options&> ||
    std::constructible_from<Plugin, Host> || std::default_initializable<Plugin>;

namespace detail {

template <class Plugin>
[[nodiscard]] Plugin make_plugin(Host host, const Options& options) {
    if constexpr (std::constructible_from<Plugin, Host, const Options&>) {
        return Plugin(host, options);
    } else if constexpr (std::constructible_from<Plugin, Host>) {
        return Plugin(host);
    } else {
        return Plugin();
    }
}

/// One instance as the ABI sees it: the author's object and the host it was made with.
template <class Plugin>
struct Instance {
    Instance(const hab_host* raw_host, const Options& options)
        : host(raw_host), plugin(make_plugin<Plugin>(Host(raw_host), options)) {}
    const hab_host* host;
    Plugin plugin;

    [[nodiscard]] static Instance& of(void* self) noexcept { return *static_cast<Instance*>(self); }
    /// Runs a member function's work behind the guard.
    template <class Fn>
    static hab_status run(void* self, hab_error* error, Fn&& fn) noexcept {
        return guard(of(self).host, error, [&] { fn(of(self).plugin); });
    }

    static hab_status create(const hab_host* host, const hab_config* config, void** self,
                             hab_error* error) noexcept {
        return guard(host, error, [&] {
            const Options options(config->items, config->count);
            *self = std::make_unique<Instance>(host, options).release();
        });
    }
    static void destroy(void* self) noexcept { std::unique_ptr<Instance>(&of(self)).reset(); }
};

/// Builds the descriptor of a class.
template <class Plugin>
[[nodiscard]] constexpr hab_plugin_desc make_desc(std::uint32_t kind, const PluginInfo& info,
                                                  const void* api) noexcept {
    return {.struct_size = sizeof(hab_plugin_desc),
            .kind = kind,
            .thread_model = info.thread_model,
            .flags = info.flags,
            .id = info.id,
            .version = info.version,
            .summary = info.summary,
            .vendor = info.vendor,
            .licence = info.licence,
            .url = info.url,
            .options = OptionTable<Plugin>::pointers.data(),
            .create = &Instance<Plugin>::create,
            .destroy = &Instance<Plugin>::destroy,
            .api = api};
}

/// Text as a JSON string, quotes included.
[[nodiscard]] inline std::string json_string(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    return out += '"';
}

}  // namespace detail
}  // namespace hab::sdk

// Each descriptor's address is put into section `habdesc`; the linker provides its bounds, so the
// entry function finds all plugins of the library however many files they are spread over.
extern "C" {
// NOLINTBEGIN(readability-identifier-naming): the linker chooses these names
extern const hab_plugin_desc* const __start_habdesc[] __attribute__((visibility("hidden"), weak));
extern const hab_plugin_desc* const __stop_habdesc[] __attribute__((visibility("hidden"), weak));
// NOLINTEND(readability-identifier-naming)

HAB_PLUGIN_EXPORT inline const hab_plugin_table* hab_plugin_entry_v1(void) {
    static const hab_plugin_table table{
        .struct_size = sizeof(hab_plugin_table),
        .abi_minor = HAB_ABI_MINOR,
        .count = static_cast<std::uint32_t>(__stop_habdesc - __start_habdesc),
        .items = __start_habdesc};
    return &table;
}
}

#define HAB_DETAIL_JOIN2(a, b) a##b
#define HAB_DETAIL_JOIN(a, b) HAB_DETAIL_JOIN2(a, b)

// Emits descriptor, descriptor pointer and metadata of one plugin, from the same PluginInfo.
#define HAB_DETAIL_PLUGIN(KIND, GLUE, CLASS, TAG, ...)                                           \
    namespace {                                                                                  \
    constexpr ::hab::sdk::PluginInfo HAB_DETAIL_JOIN(hab_info_, TAG){__VA_ARGS__};               \
    static_assert(::hab::sdk::detail::valid_id(HAB_DETAIL_JOIN(hab_info_, TAG).id),              \
                  "a plugin id is 1 to 32 of a-z, 0-9 and '-'");                                 \
    static_assert(                                                                               \
        ::hab::sdk::detail::valid_options(::hab::sdk::detail::OptionTable<CLASS>::declared()),   \
        "an option needs a name of a-z, 0-9, '-', a HAB_OPTION_ type, <= 15 choices");           \
    constexpr ::hab_plugin_desc HAB_DETAIL_JOIN(hab_desc_, TAG) =                                \
        ::hab::sdk::detail::make_desc<CLASS>(KIND, HAB_DETAIL_JOIN(hab_info_, TAG), &GLUE::api); \
    __attribute__((section("habdesc"), used, retain))                                            \
    const ::hab_plugin_desc* const HAB_DETAIL_JOIN(hab_desc_ptr_,                                \
                                                   TAG) = &HAB_DETAIL_JOIN(hab_desc_, TAG);      \
    HAB_METADATA_SECTION constexpr auto HAB_DETAIL_JOIN(hab_meta_, TAG) =                        \
        ::hab::sdk::detail::metadata<::hab::sdk::detail::metadata_size(                          \
            KIND, HAB_DETAIL_JOIN(hab_info_, TAG),                                               \
            ::hab::sdk::detail::OptionTable<CLASS>::declared())>(                                \
            KIND, HAB_DETAIL_JOIN(hab_info_, TAG),                                               \
            ::hab::sdk::detail::OptionTable<CLASS>::declared());                                 \
    }                                                                                            \
    static_assert(true)
