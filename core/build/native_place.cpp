// SPDX-License-Identifier: Apache-2.0
#include "build/native_place.hpp"

#include <signal.h>

#include "sandbox/process.hpp"

namespace hab::build {
namespace {

class NativeJob final : public Job {
public:
    explicit NativeJob(sandbox::Process process) : process_(std::move(process)) {}

    [[nodiscard]] int ended_fd() const noexcept override { return process_.pidfd(); }
    [[nodiscard]] int wait() override {
        const int code = process_.wait().exit_code;
        return code;
    }
    // The plan gets its do_after_failure; what does not end by itself is killed when the Job goes.
    void cancel() override { process_.signal_group(SIGTERM); }

private:
    sandbox::Process process_;
};

}  // namespace

NativePlace::NativePlace(const Paths& paths, fs::path runtime, fs::path plan_context,
                         fs::path source, fs::path output)
    : control_("hab-build-"), runtime_(std::move(runtime)) {
    layout_.control = layout_.control_host = control_.path();
    layout_.plan_context = std::move(plan_context);
    layout_.source = std::move(source);
    layout_.output = std::move(output);
    layout_.source_cache = layout_.source_cache_host = paths.source_cache();
    layout_.pkgs_host = paths.pkgs();
}

std::unique_ptr<Job> NativePlace::start(const sandbox::Environment& env, int output_fd) {
    sandbox::Spec spec;
    spec.argv = {"bash", (runtime_ / "main.sh").string()};
    spec.env = sandbox::current_environment();
    // Set by callers for interactive shells, they would run before the plan.
    spec.env.erase("BASH_ENV");
    spec.env.erase("ENV");
    for (const auto& [name, value] : env)
        spec.env[name] = value;
    spec.cwd = layout_.plan_context;
    spec.stdio = {-1, output_fd, output_fd};
    spec.die_with_parent = true;
    return std::make_unique<NativeJob>(sandbox::spawn(spec));
}

}  // namespace hab::build
