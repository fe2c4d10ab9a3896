// SPDX-License-Identifier: Apache-2.0
// `hab supportbundle`: what somebody needs who is to find out what is wrong, without secrets.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"
#include "cli/sup/commands.hpp"
#include "cli/sup/tar_text.hpp"
#include "cli/svc/session.hpp"
#include "config/layers.hpp"
#include "package/installed.hpp"
#include "supervisor/flight_recorder.hpp"
#include "supervisor/input_changes.hpp"
#include "supervisor/secret_texts.hpp"
#include "supervisor/service_files.hpp"
#include "supervisor/spec_store.hpp"
#include "supervisor/sup_state.hpp"
#include "supervisor/system_info.hpp"

namespace hab::cli {
namespace {

/// The end of a log tells what happened last.
constexpr std::size_t most_of_a_log = 256 * 1024;

class Bundle {
public:
    explicit Bundle(Invocation& invocation)
        : invocation_(invocation), paths_(invocation.paths), tar_(invocation.clock.wall()) {}

    std::string make() {
        add_machine();
        add_states();
        const supervisor::SpecStore specs(paths_.sup() / "specs");
        supervisor::SpecStore::Contents contents;
        try {
            contents = specs.load_all();
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
            note(error.message());
        }
        for (const Error& error : contents.errors)
            note(error.message());
        for (const auto& [name, spec] : contents.specs)
            add_service(name, spec);
        add_console();
        tar_.add("NOTES", notes_.empty() ? "Everything that was looked for was found.\n" : notes_);
        return std::move(tar_).finish();
    }

private:
    void note(std::string_view text) { notes_.append(text).append("\n"); }

    void add_machine() {
        utsname system{};
        ::uname(&system);
        tar_.add("machine", fmt::format("{} {} {} {}\nmade {}\n", system.sysname, system.release,
                                        system.machine, supervisor::host_name(),
                                        rfc3339_utc(invocation_.clock.wall())));
        std::string list;
        for (const auto& ident : package::InstalledPackages(paths_).list())
            list += ident.to_string() + "\n";
        tar_.add("packages", list);
    }

    void add_states() {
        for (const char* name : {"LOCK", "MEMBER_ID", "listen.json"})
            add_file(fmt::format("sup/{}", name), paths_.sup() / name, {});
        try {
            std::string list;
            connect_supervisor(invocation_)
                .request(control::SvcStatus{}, [&](const control::Frame& frame) {
                    if (frame.message_id != control::ServiceStatus::id) return;
                    const auto one = control::from_wire<control::ServiceStatus>(frame.body);
                    list += fmt::format("{} {}.{} {} pid {} health {} {}\n", one.ident.to_string(),
                                        one.group.service, one.group.group, one.phase,
                                        one.pid.value_or(0), one.health, one.reason);
                });
            tar_.add("status", list);
        } catch (const Error& error) {
            note(fmt::format("The supervisor was not asked: {}", error.message()));
        }
    }

    void add_service(const std::string& name, const supervisor::ServiceSpec& spec) {
        tar_.add(fmt::format("services/{}/spec", name), supervisor::spec_to_toml(spec));
        supervisor::SecretTexts secrets;
        try {
            secrets = secrets_of(name, spec);
            all_secrets_.add(secrets);
        } catch (const Error& error) {
            // Without them nothing tells what must not be shown.
            all_secrets_known_ = false;
            note(fmt::format("Logs of {} are left out, its secrets are not known: {}", name,
                             error.message()));
            return;
        }
        add_file(fmt::format("services/{}/why.jsonl", name),
                 supervisor::recorder_dir(paths_) / (name + ".jsonl"), secrets);
        add_file(fmt::format("services/{}/crash.txt", name),
                 supervisor::recorder_dir(paths_) / (name + ".crash.txt"), secrets);
        std::vector<fs::path> logs;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(paths_.svc(name) / "logs", none)) {
            if (entry.is_regular_file(none) && !entry.is_symlink(none))
                logs.push_back(entry.path());
        }
        std::sort(logs.begin(), logs.end());
        for (const fs::path& log : logs)
            add_file(fmt::format("services/{}/logs/{}", name, log.filename().string()), log,
                     secrets);
    }

    /// What the supervisor printed in the background holds the lines of every service.
    void add_console() {
        const fs::path file = paths_.sup() / "sup.log";
        if (all_secrets_known_) {
            add_file("sup/sup.log", file, all_secrets_);
        } else {
            note(fmt::format("{} is left out, the secrets of a service are not known",
                             file.string()));
        }
    }

    /// By the layers as they are now, but for the supervisor's environment, which this is not.
    supervisor::SecretTexts secrets_of(const std::string& name,
                                       const supervisor::ServiceSpec& spec) const {
        const auto package = package::InstalledPackages(paths_).load(spec.ident);
        const fs::path templates = spec.config_from ? fs::path(*spec.config_from) : package.dir();
        auto sources = supervisor::layer_sources(name, templates, paths_.user_config(name));
        sources.may_lack_values = true;
        const auto config = config::ServiceConfig::load(std::move(sources));
        supervisor::SecretTexts out;
        out.add(supervisor::hidden_texts(config.merged(), config.redacted()));
        return out;
    }

    void add_file(const std::string& name, const fs::path& path,
                  const supervisor::SecretTexts& secrets) {
        try {
            // A link could lead to what is not for this bundle.
            const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
            if (!fd && errno == ENOENT) return;
            if (!fd) throw Error::from_errno("left out: " + path.string());
            std::string text = read_fd(fd.get(), path.string());
            if (text.size() > most_of_a_log) {
                text.erase(0, text.size() - most_of_a_log);
                text.erase(0, text.find('\n') + 1);
            }
            tar_.add(name, secrets.hide(std::move(text)));
        } catch (const Error& error) {
            note(error.message());
        }
    }

    Invocation& invocation_;
    const Paths& paths_;
    TarText tar_;
    std::string notes_;
    supervisor::SecretTexts all_secrets_;
    bool all_secrets_known_ = true;
};

}  // namespace

int run_support_bundle(Invocation& invocation) {
    const auto now = invocation.clock.wall();
    const fs::path file = invocation.args.get("output").value_or(
        fmt::format("hab-support-{}-{}.tar", supervisor::host_name(), compact_utc(now)));
    WriteOptions options;
    options.mode = 0600;
    write_file_atomic(file, Bundle(invocation).make(), options);
    invocation.terminal.end("Wrote " + file.string());
    return 0;
}

}  // namespace hab::cli
