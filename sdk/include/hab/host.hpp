// SPDX-License-Identifier: Apache-2.0
//
// The host as a plugin sees it: logging, cancellation, services. Cheap to copy; valid until the
// plugin instance is destroyed. Safe on any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "types.hpp"

namespace hab::sdk {

namespace detail {

/// An error object of the host for one call to a service.
class CallError {
public:
    explicit CallError(const hab_host* host) noexcept
        : host_(host), error_(host->error_create(host)) {}
    ~CallError() { host_->error_destroy(error_); }
    CallError(const CallError&) = delete;
    CallError& operator=(const CallError&) = delete;

    [[nodiscard]] hab_error* get() const noexcept { return error_; }

    /// Throws what the service reported, unless it reported success.
    void check(hab_status status, const char* service) const {
        if (status == HAB_STATUS_OK) return;
        StringSink message;
        StringSink hint;
        if (error_ != nullptr) host_->error_get(error_, message.abi(), hint.abi());
        if (message.text().empty()) {
            message.text() = std::string(service) + " failed with status " + std::to_string(status);
        }
        raise(status, std::move(message.text()), std::move(hint.text()));
    }

private:
    const hab_host* host_;
    hab_error* error_;
};

}  // namespace detail

class Host {
public:
    explicit Host(const hab_host* host) noexcept : host_(host) {}

    void log(std::uint32_t level, std::string_view message,
             std::string_view target = {}) const noexcept {
        host_->log(host_, level, to_abi(target), to_abi(message));
    }
    void debug(std::string_view message) const noexcept { log(HAB_LOG_DEBUG, message); }
    void info(std::string_view message) const noexcept { log(HAB_LOG_INFO, message); }
    void warn(std::string_view message) const noexcept { log(HAB_LOG_WARN, message); }
    /// Whether a line of that level would be kept: ask before formatting something costly.
    [[nodiscard]] bool logs(std::uint32_t level) const noexcept {
        return host_->log_enabled(host_, level) != 0;
    }

    /// Whether the work should end now. Poll at least every 100 ms.
    [[nodiscard]] bool cancelled() const noexcept { return host_->cancelled(host_) != 0; }
    /// Throws HAB_STATUS_CANCELLED if the work should end now.
    void check_cancelled() const {
        if (cancelled()) raise(HAB_STATUS_CANCELLED, "cancelled");
    }

    /// A service (Progress, Packages, Rootfs …), or nothing if this host lacks it.
    template <class Service>
    [[nodiscard]] std::optional<Service> find() const noexcept {
        const void* table = host_->service(host_, Service::id);
        if (table == nullptr) return std::nullopt;
        return Service(host_, static_cast<const typename Service::Table*>(table));
    }
    /// A service that the plugin cannot do without; throws HAB_STATUS_UNSUPPORTED.
    template <class Service>
    [[nodiscard]] Service require() const {
        if (auto service = find<Service>()) return *service;
        raise(HAB_STATUS_UNSUPPORTED, std::string("this hab does not offer ") + Service::id,
              "update hab, or use a version of the plugin made for it");
    }

    /// The C object, for code that speaks the ABI itself.
    [[nodiscard]] const hab_host* abi() const noexcept { return host_; }

private:
    const hab_host* host_;
};

/// Base of the service wrappers: holds the table and turns failures into exceptions.
template <class TableType>
class Service {
public:
    using Table = TableType;

protected:
    Service(const hab_host* host, const Table* table) noexcept : host_(host), table_(table) {}

    /// Calls a function of the table with an error appended; throws if it fails.
    template <class Member, class... Args>
    void call(const char* id, Member Table::* function, Args... args) const {
        if (!offers(table_, function)) {
            raise(HAB_STATUS_UNSUPPORTED, std::string("this hab's ") + id + " lacks a function");
        }
        const detail::CallError error(host_);
        error.check((table_->*function)(args..., error.get()), id);
    }

    [[nodiscard]] const hab_host* host() const noexcept { return host_; }
    [[nodiscard]] const Table* table() const noexcept { return table_; }

private:
    const hab_host* host_;
    const Table* table_;
};

}  // namespace hab::sdk
