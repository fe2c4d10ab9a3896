// SPDX-License-Identifier: Apache-2.0
// One living plugin instance: what the four typed wrappers share.
#pragma once

#include <hab/plugin.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "plugin/host.hpp"
#include "plugin/metadata.hpp"
#include "plugin/options.hpp"

namespace hab::plugin {

class Library;

/// Created and destroyed with the plugin's own functions; keeps its library. Enforces the thread
/// model: calls go through call(), which holds the lock that the model asks for.
class Instance {
public:
    Instance(std::shared_ptr<Library> library, const hab_plugin_desc& desc,
             std::shared_ptr<const PluginMeta> meta, std::shared_ptr<HostContext> context,
             ResolvedOptions options);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    [[nodiscard]] const PluginMeta& meta() const noexcept { return *meta_; }
    [[nodiscard]] const OptionValues& per_run_options() const noexcept { return options_.per_run; }
    [[nodiscard]] void* self() const noexcept { return self_; }
    /// The kind's table as the plugin gave it; look at members with offers().
    template <class Api>
    [[nodiscard]] const Api* api() const noexcept {
        return static_cast<const Api*>(api_);
    }

    /// Calls `fn(hab_error*)`, which calls the plugin and does nothing that throws itself, under
    /// the thread model's lock; throws hab::Error if it returns a failure. A plugin that lets an
    /// exception out breaks the ABI; that becomes a `bug` error too.
    template <class Fn>
    void call(Fn&& fn) const {
        hab_error error;
        const hab_status status = run(error, std::forward<Fn>(fn));
        if (status != HAB_STATUS_OK) throw to_error(meta_->label(), status, error);
    }
    /// The same, but leaves the failure to the caller, who wants to look at the place it names.
    template <class Fn>
    hab_status run(hab_error& error, Fn&& fn) const {
        const auto guard = lock();
        try {
            return fn(&error);
        } catch (...) {  // the edge to foreign code
            threw();
        }
    }
    /// The lock that calls of this instance hold; for functions without error, such as release.
    [[nodiscard]] std::unique_lock<std::mutex> lock() const;

    /// Throws unsupported: "exporter tar cannot verify artefacts".
    [[noreturn]] void lacks(std::string_view what) const;

private:
    [[noreturn]] void threw() const;

    std::shared_ptr<Library> library_;
    std::shared_ptr<const PluginMeta> meta_;  ///< shared by a thousand instances
    ResolvedOptions options_;
    std::unique_ptr<Host> host_;
    const void* api_ = nullptr;
    void (*destroy_)(void*) = nullptr;
    void* self_ = nullptr;
    mutable std::mutex own_mutex_;
    std::mutex* mutex_ = nullptr;
};

/// Whether a struct from a plugin is new enough to have a member, and has it set.
template <class Table, class Member>
[[nodiscard]] bool offers(const Table* table, Member Table::* member) noexcept {
    const auto* begin = reinterpret_cast<const char*>(table);
    const auto* end = reinterpret_cast<const char*>(&(table->*member)) + sizeof(Member);
    return static_cast<std::size_t>(end - begin) <= table->struct_size &&
           (table->*member) != Member{};
}

}  // namespace hab::plugin
