// SPDX-License-Identifier: Apache-2.0
// A host made of fakes, for the wrappers that authors use: records what plugins ask for.
#pragma once

#include <hab/plugin.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

struct hab_error {
    hab_status status = HAB_STATUS_OK;
    std::string message;
    std::string hint;
    std::string where;
};

namespace hab::sdk::test {

inline std::string text(hab_str s) {
    return s.ptr == nullptr ? std::string() : std::string(s.ptr, s.len);
}
inline void give(hab_sink sink, const std::string& value) {
    if (sink.put != nullptr) sink.put(sink.ctx, value.data(), value.size());
}

/// Services by id, a log and the calls that fake services got.
class FakeHost {
public:
    FakeHost() {
        abi_.struct_size = sizeof(hab_host);
        abi_.ctx = this;
        abi_.log = [](const hab_host* host, std::uint32_t, hab_str target, hab_str message) {
            of(host).log.push_back(text(target) + "|" + text(message));
        };
        abi_.log_enabled = [](const hab_host*, std::uint32_t level) -> std::uint32_t {
            return level >= HAB_LOG_INFO ? 1 : 0;
        };
        abi_.error_set = [](hab_error* error, hab_status status, hab_str message) {
            if (error != nullptr) *error = {status, text(message), {}, {}};
        };
        abi_.error_hint = [](hab_error* error, hab_str hint) {
            if (error != nullptr) error->hint = text(hint);
        };
        abi_.error_where = [](hab_error* error, hab_str file, std::uint32_t line,
                              std::uint32_t column) {
            if (error == nullptr) return;
            error->where = text(file) + ":" + std::to_string(line) + ":" + std::to_string(column);
        };
        abi_.error_create = [](const hab_host* host) -> hab_error* {
            of(host).errors.emplace_back(std::make_unique<hab_error>());
            return of(host).errors.back().get();
        };
        abi_.error_destroy = [](hab_error*) {};
        abi_.error_get = [](const hab_error* error, hab_sink message, hab_sink hint) -> hab_status {
            give(message, error->message);
            give(hint, error->hint);
            return error->status;
        };
        abi_.cancelled = [](const hab_host* host) -> std::uint32_t { return of(host).cancelled; };
        abi_.service = [](const hab_host* host, const char* id) -> const void* {
            const auto it = of(host).services.find(id);
            return it == of(host).services.end() ? nullptr : it->second;
        };
    }
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;

    static FakeHost& of(const hab_host* host) { return *static_cast<FakeHost*>(host->ctx); }
    [[nodiscard]] const hab_host* abi() const { return &abi_; }

    std::map<std::string, const void*> services;
    std::vector<std::string> log;
    std::vector<std::string> calls;  ///< what the fake services were asked
    std::vector<std::unique_ptr<hab_error>> errors;
    std::uint32_t cancelled = 0;

private:
    hab_host abi_{};
};

}  // namespace hab::sdk::test
