// SPDX-License-Identifier: Apache-2.0
#include "supervisor/package_installer.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "package/ident.hpp"
#include "sandbox/run.hpp"

namespace hab::supervisor {
namespace {

sandbox::Spec hab_command(const std::filesystem::path& hab, std::vector<std::string> arguments) {
    sandbox::Spec spec;
    spec.argv = {hab.string()};
    for (auto& argument : arguments)
        spec.argv.push_back(std::move(argument));
    spec.env = sandbox::current_environment();
    spec.env["HAB_NOCOLORING"] = "true";
    return spec;
}

std::string field(const Value& document, std::string_view name) {
    const Value* value = document.at_path(name);
    const auto* text = value != nullptr ? value->as_string() : nullptr;
    return text != nullptr ? *text : std::string();
}

}  // namespace

PackageInstaller::~PackageInstaller() {
    for (const auto& process : running_)
        process->cancel();
}

void PackageInstaller::install(const std::string& wanted, const std::string& channel,
                               const std::string& url, Line line, Done done) {
    std::vector<std::string> arguments{"pkg", "install", wanted};
    if (!channel.empty()) arguments.insert(arguments.end(), {"--channel", channel});
    if (!url.empty()) arguments.insert(arguments.end(), {"--url", url});
    HookCommand command;
    command.spec = hab_command(hab_, std::move(arguments));
    command.stdout_log = command.stderr_log = "/dev/null";  // its output goes to whoever asked
    const auto self = std::make_shared<std::shared_ptr<HookProcess>>();
    auto ended = [this, self, wanted, done = std::move(done)](const HookResult& result) {
        running_.erase(*self);
        self->reset();
        if (result.status.ok()) {
            done(nullptr);
            return;
        }
        const Error error(
            ErrorCode::failed,
            fmt::format("cannot install {}: `hab pkg install` {}", wanted, result.status.text()),
            "what it printed before says why");
        done(&error);
    };
    *self = HookProcess::start(loop_, std::move(command), std::move(line), std::move(ended));
    running_.insert(*self);
}

std::string ident_of_artifact(const std::filesystem::path& hab, const std::filesystem::path& hart) {
    sandbox::RunOptions options;
    options.timeout = std::chrono::minutes(2);
    const auto answer =
        sandbox::run_captured(hab_command(hab, {"pkg", "info", "--json", hart.string()}), options);
    if (!answer.result.status.ok()) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot read {}: {}", hart.string(), trim(answer.err)));
    }
    const Value document = parse_json(answer.out, "the answer of hab pkg info");
    const package::Ident ident{field(document, "origin"), field(document, "name"),
                               field(document, "version"), field(document, "release")};
    package::require_fully_qualified(ident);
    return ident.to_string();
}

}  // namespace hab::supervisor
