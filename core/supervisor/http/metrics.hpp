// SPDX-License-Identifier: Apache-2.0
// /metrics: counts what the event stream tells and what the gateway answers.
// docs/guide/monitoring.md has every name.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "supervisor/events.hpp"
#include "supervisor/http/prometheus_text.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor::http {

/// Loop only; must not outlive the stream.
class Metrics {
public:
    Metrics(EventStream& events, const Clock& clock);

    /// One answer of the gateway. `route`: the pattern, never a path that a client chose.
    void answered(std::string_view route, unsigned status, SteadyTime::duration time);

    /// What only the gateway knows, at the moment of asking.
    struct Moment {
        const std::vector<std::shared_ptr<const ServiceSnapshot>>& services;
        std::string version;
        std::size_t connections = 0;
        std::size_t event_readers = 0;
    };
    [[nodiscard]] std::string text(const Moment& moment) const;

private:
    struct ServiceCounts {
        std::map<std::string, std::uint64_t, std::less<>> restarts;  ///< by reason
        std::map<std::string, Histogram, std::less<>> hooks;         ///< seconds, by hook
        std::map<std::string, std::uint64_t, std::less<>> hook_failures;
        std::uint64_t renders = 0, files_rendered = 0, files_written = 0;
        std::uint64_t config_generation = 1, config_refusals = 0;
        std::uint64_t health_changes = 0;
        // How the process before the next one came to its end:
        bool had_process = false;
        bool asked_to_end = false;
        bool by_command = false;
        ExitStatus last_end;
    };
    struct RouteCounts {
        std::map<unsigned, std::uint64_t> by_status;
        Histogram seconds;
    };
    struct Reader;

    void on_event(const Event& event);
    void write_services(PrometheusText& out, const Moment& moment) const;
    void write_usage(PrometheusText& out, const Moment& moment) const;
    void write_counts(PrometheusText& out) const;
    void write_hooks(PrometheusText& out) const;
    void write_gateway(PrometheusText& out, const Moment& moment) const;
    void write_process(PrometheusText& out) const;

    EventStream& events_;
    WallTime started_;
    std::map<std::string, ServiceCounts, std::less<>> services_;
    std::map<std::string, RouteCounts, std::less<>> routes_;
    EventStream::Subscription subscription_;
};

}  // namespace hab::supervisor::http
