// SPDX-License-Identifier: Apache-2.0
#include "supervisor/package_installer.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "package/ident.hpp"

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

std::string ident_from(const std::string& file, const std::string& answer,
                       const HookResult& result) {
    if (!result.status.ok()) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot read {}: {}", file, trim(result.err)));
    }
    const Value document = parse_json(answer, "the answer of hab pkg info");
    const package::Ident ident{field(document, "origin"), field(document, "name"),
                               field(document, "version"), field(document, "release")};
    package::require_fully_qualified(ident);
    return ident.to_string();
}

}  // namespace

PackageInstaller::~PackageInstaller() {
    for (const auto& process : running_)
        process->cancel();
}

void PackageInstaller::run(std::vector<std::string> arguments, Line line, Ended ended) {
    HookCommand command;
    command.spec = hab_command(hab_, std::move(arguments));
    command.stdout_log = command.stderr_log = "/dev/null";  // its output goes to whoever asked
    const auto self = std::make_shared<std::shared_ptr<HookProcess>>();
    *self = HookProcess::start(loop_, std::move(command), std::move(line),
                               [this, self, ended = std::move(ended)](const HookResult& result) {
                                   running_.erase(*self);
                                   self->reset();
                                   ended(result);
                               });
    running_.insert(*self);
}

void PackageInstaller::install(const std::string& wanted, const std::string& channel,
                               const std::string& url, Line line, Done done) {
    std::vector<std::string> arguments{"pkg", "install", wanted};
    if (!channel.empty()) arguments.insert(arguments.end(), {"--channel", channel});
    if (!url.empty()) arguments.insert(arguments.end(), {"--url", url});
    run(std::move(arguments), std::move(line),
        [wanted, done = std::move(done)](const HookResult& result) {
            if (result.status.ok()) {
                done(nullptr);
                return;
            }
            const Error error(ErrorCode::failed,
                              fmt::format("cannot install {}: `hab pkg install` {}", wanted,
                                          result.status.text()),
                              "what it printed before says why");
            done(&error);
        });
}

void PackageInstaller::install_artifact(const std::string& file, Line line, ArtifactDone done) {
    install(file, "", "", std::move(line),
            [this, file, done = std::move(done)](const Error* failed) {
                if (failed != nullptr) {
                    done({}, failed);
                    return;
                }
                const auto answer = std::make_shared<std::string>();
                run(
                    {"pkg", "info", "--json", file},
                    [answer](std::string_view text) { answer->append(text).push_back('\n'); },
                    [file, answer, done](const HookResult& result) {
                        std::string ident;
                        std::optional<Error> problem;
                        try {
                            ident = ident_from(file, *answer, result);
                        } catch (const Error& error) {
                            problem = error;
                        }
                        done(ident, problem ? &*problem : nullptr);
                    });
            });
}

}  // namespace hab::supervisor
