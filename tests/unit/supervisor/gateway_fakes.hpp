// SPDX-License-Identifier: Apache-2.0
// A supervisor without services and processes, for tests of the gateways.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "supervisor/commands.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor::test {

class FakeState final : public StateReader {
public:
    [[nodiscard]] std::vector<std::shared_ptr<const ServiceSnapshot>> services() const override {
        return list;
    }
    [[nodiscard]] std::shared_ptr<const ServiceSnapshot> find(
        std::string_view name) const override {
        for (const auto& service : list) {
            if (service->name == name) return service;
        }
        return nullptr;
    }
    [[nodiscard]] const SystemState& system() const override { return system_state; }
    [[nodiscard]] const SupervisorPaths& paths() const override { return sup_paths; }

    std::vector<std::shared_ptr<const ServiceSnapshot>> list;
    SystemState system_state;
    SupervisorPaths sup_paths;
};

/// Remembers what was asked; answers as told.
class FakeCommands final : public Commands {
public:
    void load(const LoadRequest& request, ReplyPtr reply) override {
        last_load = request;
        finish("load " + request.ident, std::move(reply));
    }
    void update(const std::string& ident, const ServiceOptions& options, ReplyPtr reply) override {
        last_load.options = options;
        finish("update " + ident, std::move(reply));
    }
    void unload(const std::string& ident, std::optional<std::chrono::seconds> timeout,
                ReplyPtr reply) override {
        finish("unload " + ident + text(timeout), std::move(reply));
    }
    void start(const std::string& ident, ReplyPtr reply) override {
        finish("start " + ident, std::move(reply));
    }
    void stop(const std::string& ident, std::optional<std::chrono::seconds> timeout,
              ReplyPtr reply) override {
        finish("stop " + ident + text(timeout), std::move(reply));
    }
    [[nodiscard]] std::string default_config(const std::string& ident) const override {
        return "# " + ident + "\n";
    }
    void restart_supervisor() override { calls.emplace_back("restart"); }
    void shutdown() override { calls.emplace_back("shutdown"); }

    std::vector<std::string> calls;
    LoadRequest last_load;
    std::optional<Error> error;      ///< what the next command ends with
    std::vector<std::string> lines;  ///< what it says before
    bool silent = false;             ///< never answer
    ReplyPtr kept;

private:
    static std::string text(std::optional<std::chrono::seconds> timeout) {
        return timeout ? " " + std::to_string(timeout->count()) : "";
    }
    void finish(std::string call, ReplyPtr reply) {
        calls.push_back(std::move(call));
        if (silent) {
            kept = std::move(reply);
            return;
        }
        for (const auto& line : lines)
            reply->line(line);
        reply->done(error ? &*error : nullptr);
    }
};

/// nginx, up since second 1000, with two hooks.
[[nodiscard]] inline ServiceSnapshot nginx_snapshot() {
    ServiceSnapshot service;
    service.name = "nginx";
    service.group = "nginx.default";
    service.spec_ident = "core/nginx";
    service.spec_file = "/hab/sup/default/specs/nginx.spec";
    service.bldr_url = "https://bldr.habitat.sh";
    service.channel = "stable";
    service.topology = "standalone";
    service.update_strategy = "none";
    service.update_condition = "latest";
    service.binding_mode = "strict";
    service.binds = {"db:pg.default"};
    service.phase = ServicePhase::up;
    service.pid = 4711;
    service.state_entered = WallTime(std::chrono::seconds(1000));
    service.initialized = true;
    service.health = {Health::ok, "fine\n", ""};
    service.hooks["run"] = {"/pkg/hooks/run", "/hab/svc/nginx/hooks/run",
                            "/hab/svc/nginx/logs/run.stdout.log",
                            "/hab/svc/nginx/logs/run.stderr.log"};
    service.hooks["health-check"] = {"/pkg/hooks/health-check", "/hab/svc/nginx/hooks/health-check",
                                     "/o", "/e"};
    Object cfg;
    cfg.set("port", 8080);
    service.cfg = std::make_shared<const Value>(std::move(cfg));
    PackageState pkg;
    pkg.ident = "core/nginx/1.22.1/20260101000000";
    pkg.origin = "core";
    pkg.name = "nginx";
    pkg.version = "1.22.1";
    pkg.release = "20260101000000";
    pkg.dependencies = {"core/zlib/1.3/20260101000001"};
    pkg.shutdown_signal = "QUIT";
    service.pkg = pkg;
    return service;
}

}  // namespace hab::supervisor::test
