// SPDX-License-Identifier: Apache-2.0
// The host side of one plugin instance: the hab_host object it sees, and the errors it fills. The
// services themselves are provided by core/host through HostContext.
#pragma once

#include <hab/plugin.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "plugin/metadata.hpp"

/// The ABI's opaque error: filled by plugins and services through hab_host.error_*.
struct hab_error {
    hab_status status = HAB_STATUS_OK;
    std::string message;
    std::string hint;
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

namespace hab::plugin {

/// What surrounds one plugin instance. core/host implements it with real services; tests with
/// fakes. Called from any thread of the plugin; destroyed after the instance.
class HostContext {
public:
    virtual ~HostContext() = default;
    /// Table of a service by id ("hab.rootfs/1"), null if not offered. Lives as long as the
    /// process.
    [[nodiscard]] virtual const void* service(std::string_view id) noexcept = 0;
    /// Whether the user or the host wants the work to end.
    [[nodiscard]] virtual bool cancelled() noexcept { return false; }
    /// Default: hab::log with the plugin's label as target.
    virtual void log(std::uint32_t level, std::string_view target,
                     std::string_view message) noexcept;
    [[nodiscard]] virtual bool log_enabled(std::uint32_t level) noexcept;
};

/// Makes the surroundings of each new instance.
using ContextFactory = std::function<std::shared_ptr<HostContext>(const PluginMeta&)>;
/// A factory for plugins that need no services (topologies, template engines, tests).
[[nodiscard]] ContextFactory no_services();

/// Owns a hab_host. Not movable: plugins keep its address.
class Host {
public:
    Host(std::string label, std::shared_ptr<HostContext> context);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] const hab_host* abi() const noexcept { return &abi_; }
    [[nodiscard]] HostContext& context() const noexcept { return *context_; }
    /// "exporter tar".
    [[nodiscard]] const std::string& label() const noexcept { return label_; }

    /// The Host behind the object that a service was called with.
    [[nodiscard]] static Host& of(const hab_host* host) noexcept;

private:
    std::string label_;
    std::shared_ptr<HostContext> context_;
    hab_host abi_;
};

/// Borrowed text both ways.
[[nodiscard]] inline hab_str to_abi(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
[[nodiscard]] inline std::string_view from_abi(hab_str text) noexcept {
    return text.ptr == nullptr ? std::string_view{} : std::string_view{text.ptr, text.len};
}

[[nodiscard]] ErrorCode to_error_code(hab_status status) noexcept;
[[nodiscard]] hab_status to_status(ErrorCode code) noexcept;

/// A plugin's failure as a hab::Error: "exporter tar: <message>", or "<file>:<line>:<column>:
/// <message>" when the plugin named a position. Message and hint are made printable and bounded.
[[nodiscard]] Error to_error(std::string_view label, hab_status status, const hab_error& error);

/// For service functions: fills the error from a hab::Error and returns its status. `error` may be
/// null.
hab_status fill_error(hab_error* error, const Error& what) noexcept;

/// Runs a service's work; whatever it throws becomes status and text. Use it in every service
/// function.
template <class Fn>
hab_status guard_service(hab_error* error, Fn&& fn) noexcept {
    try {
        std::forward<Fn>(fn)();
        return HAB_STATUS_OK;
    } catch (const Error& what) {
        return fill_error(error, what);
    } catch (const std::exception& what) {
        return fill_error(error, Error(ErrorCode::bug, what.what()));
    } catch (...) {  // the edge of the host
        return fill_error(error, Error(ErrorCode::bug, "an exception of unknown type"));
    }
}

/// A hab_sink that appends to a std::string. HAB_STATUS_FAILED when memory is short or `limit` is
/// passed.
class TextSink {
public:
    explicit TextSink(std::size_t limit = 64u << 20) noexcept : limit_(limit) {}
    [[nodiscard]] hab_sink abi() noexcept { return {this, &put}; }
    [[nodiscard]] std::string& text() noexcept { return text_; }

private:
    static hab_status put(void* ctx, const void* data, std::size_t size) noexcept;
    std::string text_;
    std::size_t limit_;
};

/// Gives text to a plugin's sink; throws `cancelled`/`failed` if it refuses. put == NULL swallows.
void put(hab_sink sink, std::string_view text);

}  // namespace hab::plugin
