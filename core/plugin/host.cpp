// SPDX-License-Identifier: Apache-2.0
#include "plugin/host.hpp"

#include <memory>
#include <new>
#include <utility>

#include "base/log.hpp"

namespace hab::plugin {
namespace {

log::Level to_level(std::uint32_t level) noexcept {
    switch (level) {
        case HAB_LOG_TRACE:
            return log::Level::trace;
        case HAB_LOG_DEBUG:
            return log::Level::debug;
        case HAB_LOG_INFO:
            return log::Level::info;
        case HAB_LOG_WARN:
            return log::Level::warn;
        default:
            return log::Level::error;
    }
}

class NoServices : public HostContext {
public:
    const void* service(std::string_view) noexcept override { return nullptr; }
};

// The functions of hab_host. Memory running out while an error is described loses the description,
// never the status.

void host_log(const hab_host* host, std::uint32_t level, hab_str target, hab_str message) noexcept {
    const auto& self = Host::of(host);
    const auto name = from_abi(target);
    self.context().log(level, name.empty() ? std::string_view(self.label()) : name,
                       from_abi(message));
}

std::uint32_t host_log_enabled(const hab_host* host, std::uint32_t level) noexcept {
    return Host::of(host).context().log_enabled(level) ? 1 : 0;
}

template <class Fn>
void describe(hab_error* error, Fn&& fn) noexcept {
    if (error == nullptr) return;
    try {
        fn(*error);
    } catch (const std::exception&) {
        error->message.clear();
    }
}

void error_set(hab_error* error, hab_status status, hab_str message) noexcept {
    describe(error, [&](hab_error& e) {
        e.status = status;
        e.hint.clear();
        e.file.clear();
        e.line = e.column = 0;
        e.message = from_abi(message);
    });
}

void error_hint(hab_error* error, hab_str hint) noexcept {
    describe(error, [&](hab_error& e) { e.hint = from_abi(hint); });
}

void error_where(hab_error* error, hab_str file, std::uint32_t line,
                 std::uint32_t column) noexcept {
    describe(error, [&](hab_error& e) {
        e.line = line;
        e.column = column;
        e.file = from_abi(file);
    });
}

hab_error* error_create(const hab_host*) noexcept {
    try {
        return std::make_unique<hab_error>().release();
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void error_destroy(hab_error* error) noexcept {
    std::unique_ptr<hab_error>(error).reset();
}

hab_status error_get(const hab_error* error, hab_sink message, hab_sink hint) noexcept {
    if (error == nullptr) return HAB_STATUS_OK;
    const auto give = [](hab_sink sink, const std::string& text) {
        if (sink.put != nullptr && !text.empty()) sink.put(sink.ctx, text.data(), text.size());
    };
    give(message, error->message);
    give(hint, error->hint);
    return error->status;
}

std::uint32_t host_cancelled(const hab_host* host) noexcept {
    return Host::of(host).context().cancelled() ? 1 : 0;
}

const void* host_service(const hab_host* host, const char* id) noexcept {
    return id == nullptr ? nullptr : Host::of(host).context().service(id);
}

}  // namespace

void HostContext::log(std::uint32_t level, std::string_view target,
                      std::string_view message) noexcept {
    hab::log::write(to_level(level), target, message);
}

bool HostContext::log_enabled(std::uint32_t level) noexcept {
    return hab::log::enabled(to_level(level));
}

ContextFactory no_services() {
    return [](const PluginMeta&) { return std::make_shared<NoServices>(); };
}

Host::Host(std::string label, std::shared_ptr<HostContext> context)
    : label_(std::move(label)),
      context_(std::move(context)),
      abi_{.struct_size = sizeof(hab_host),
           .abi_minor = HAB_ABI_MINOR,
           .ctx = this,
           .log = &host_log,
           .log_enabled = &host_log_enabled,
           .error_set = &error_set,
           .error_hint = &error_hint,
           .error_where = &error_where,
           .error_create = &error_create,
           .error_destroy = &error_destroy,
           .error_get = &error_get,
           .cancelled = &host_cancelled,
           .service = &host_service} {}

Host& Host::of(const hab_host* host) noexcept {
    return *static_cast<Host*>(host->ctx);
}

hab_status TextSink::put(void* ctx, const void* data, std::size_t size) noexcept {
    auto* self = static_cast<TextSink*>(ctx);
    if (size > self->limit_ - self->text_.size()) return HAB_STATUS_FAILED;
    try {
        self->text_.append(static_cast<const char*>(data), size);
        return HAB_STATUS_OK;
    } catch (const std::bad_alloc&) {
        return HAB_STATUS_FAILED;
    }
}

}  // namespace hab::plugin
