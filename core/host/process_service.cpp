// SPDX-License-Identifier: Apache-2.0
// hab.process/1
#include <chrono>

#include "base/log.hpp"
#include "host/abi_copy.hpp"
#include "host/exec_result.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"
#include "sandbox/run.hpp"

namespace hab::host {
namespace {

/// Cuts output into lines for the log.
class LineLogger {
public:
    LineLogger(plugin::HostContext& context, std::string target)
        : context_(context), target_(std::move(target)) {}
    void add(std::string_view bytes) {
        pending_ += bytes;
        for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
            context_.log(HAB_LOG_INFO, target_, std::string_view(pending_).substr(0, end));
            pending_.erase(0, end + 1);
        }
        if (pending_.size() > max_line) flush();
    }
    void flush() {
        if (!pending_.empty()) context_.log(HAB_LOG_INFO, target_, pending_);
        pending_.clear();
    }

private:
    static constexpr std::size_t max_line = 64 * 1024;
    plugin::HostContext& context_;
    std::string target_;
    std::string pending_;
};

sandbox::OutputSink to_sink(hab_sink sink) {
    return [sink](std::string_view bytes) { plugin::put(sink, bytes); };
}

hab_status run(const hab_host* host, const hab_process_spec* raw, hab_exec_result* result,
               hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const hab_process_spec given = copy_covered(raw);
        Context& context = Context::of(host);
        sandbox::Spec spec;
        spec.argv = text_list(given.argv, given.argv_count);
        if ((given.flags & HAB_PROCESS_INHERIT_ENV) != 0) spec.env = sandbox::current_environment();
        for (std::size_t i = 0; i < given.env_count; ++i) {
            spec.env[text(given.env[i].key)] = text(given.env[i].value);
        }
        if (given.cwd.len != 0) spec.cwd = text(given.cwd);
        sandbox::RunOptions options;
        options.feed_stdin = given.stdin_data.len != 0;
        options.stdin_data = text(given.stdin_data);
        options.timeout = std::chrono::milliseconds(given.timeout_ms);
        options.cancelled = [&context] { return context.cancelled(); };
        if (given.stdout_sink.put != nullptr) options.on_stdout = to_sink(given.stdout_sink);
        LineLogger logger(context, context.label());
        options.on_stderr = given.stderr_sink.put != nullptr
                                ? to_sink(given.stderr_sink)
                                : [&logger](std::string_view bytes) { logger.add(bytes); };
        const sandbox::RunResult done = sandbox::run(std::move(spec), options);
        logger.flush();
        finish(done, result);
    });
}

}  // namespace

const hab_process_service process_table = {sizeof(hab_process_service), run};

}  // namespace hab::host
