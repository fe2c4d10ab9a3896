// SPDX-License-Identifier: Apache-2.0
#include "supervisor/manager.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/fail_point.hpp"
#include "base/files.hpp"
#include "package/install_status.hpp"
#include "supervisor/spec_snapshot.hpp"

namespace hab::supervisor {

Manager::Manager(Surroundings around, SpecStore specs, DirWatcher& watcher,
                 PackageInstaller& installer, std::function<void(int)> ended)
    : around_(around),
      specs_(std::move(specs)),
      watcher_(watcher),
      installer_(installer),
      ended_(std::move(ended)) {
    const auto root = around_.store.paths().sup();
    fs_paths_ = {root.string(), (root / "data").string(), specs_.dir().string(),
                 (root / "MEMBER_ID").string(), (root / "LOCK").string()};
}

void Manager::say(std::string_view text) {
    around_.events.publish(LogLine{LineSource::supervisor, "hab-sup", "MR", std::string(text)});
}

void Manager::begin(std::vector<OwnedProcess> processes) {
    watcher_.watch(specs_.dir(), [this](const std::string& name) {
        // Temporary files of atomic writes are not specs.
        if (name.empty() || (name.ends_with(".spec") && name.front() != '.')) reconcile_soon();
    });
    const auto contents = specs_.load_all(true);
    for (const auto& name : contents.dated)
        specs_.save(contents.specs.at(name));  // in today's format
    std::vector<std::string> running;
    for (const auto& process : processes)
        running.push_back(process.service);
    around_.groups.remove_all_but(running);
    for (auto& process : one_for_each(std::move(processes))) {
        const auto spec = contents.specs.find(process.service);
        if (spec == contents.specs.end()) {
            end_orphan(std::move(process), "it is not loaded any more");
        } else {
            add(spec->second, std::move(process));
        }
    }
    reconcile(contents);
    settle_ring();
}

/// A supervisor that was killed between asking for a process and forgetting the one before leaves
/// both. The end of the one before has been dealt with then.
std::vector<OwnedProcess> Manager::one_for_each(std::vector<OwnedProcess> processes) {
    std::map<std::string, OwnedProcess> newest;
    for (auto& process : processes) {
        const auto [at, is_first] = newest.try_emplace(process.service);
        if (is_first) {
            at->second = std::move(process);
            continue;
        }
        const auto rank = [](const OwnedProcess& one) {
            return std::pair(!one.ended, one.started);
        };
        if (rank(at->second) < rank(process)) std::swap(at->second, process);
        if (process.ended) {
            around_.launcher.forget(process.pid);
        } else {
            end_orphan(std::move(process), "another process has taken its place");
        }
    }
    std::vector<OwnedProcess> out;
    for (auto& [service, process] : newest)
        out.push_back(std::move(process));
    return out;
}

void Manager::reconcile_soon() {
    if (std::exchange(reconcile_due_, true)) return;
    boost::asio::post(around_.loop, [this] {
        reconcile_due_ = false;
        reconcile();
    });
}

void Manager::reconcile() {
    if (ending_) return;
    SpecStore::Contents contents;
    try {
        contents = specs_.load_all();
    } catch (const Error& error) {
        say(error.message());
        return;
    }
    reconcile(contents);
}

void Manager::reconcile(const SpecStore::Contents& contents) {
    std::vector<std::string> errors;
    for (const auto& error : contents.errors) {
        errors.push_back(error.message());
        const bool known = std::find(known_errors_.begin(), known_errors_.end(), error.message()) !=
                           known_errors_.end();
        if (!known) say(fmt::format("Skipping a spec file: {}", error.message()));
    }
    known_errors_ = std::move(errors);
    std::vector<std::string> gone;
    for (const auto& [name, entry] : entries_) {
        const bool broken = std::find(contents.broken.begin(), contents.broken.end(), name) !=
                            contents.broken.end();
        // A file that somebody broke while editing is no reason to stop the service.
        if (!contents.specs.contains(name) && !broken) gone.push_back(name);
    }
    for (const auto& name : gone) {
        spec_file_changed(name, entries_.at(name), nullptr);
        leave(name, std::nullopt, std::nullopt);
    }
    for (const auto& [name, spec] : contents.specs) {
        const auto entry = entries_.find(name);
        if (entry != entries_.end()) spec_file_changed(name, entry->second, &spec);
        reconcile(name, spec);
    }
}

void Manager::spec_file_changed(const std::string& name, Entry& entry, const ServiceSpec* wanted) {
    const ServiceSpec* const known =
        !entry.leaving ? &entry.spec : (entry.next ? &*entry.next : nullptr);
    const bool same = known == nullptr || wanted == nullptr ? known == wanted : *known == *wanted;
    if (same) return;  // this is the file that we wrote
    (void)asked(name, wanted == nullptr ? "the removal of its spec file" : "another spec file",
                specs_.file(name).string());
}

std::uint64_t Manager::asked(const std::string& service, std::string command, std::string by) {
    const auto cause =
        around_.events.publish(CommandReceived{service, std::move(command), std::move(by)});
    const auto entry = entries_.find(service);
    if (entry == entries_.end()) return cause;
    entry->second.cause = cause;
    if (entry->second.service) entry->second.service->because(cause);
    return cause;
}

void Manager::reconcile(const std::string& name, const ServiceSpec& wanted) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        add(wanted);
        return;
    }
    Entry& entry = found->second;
    if (entry.leaving) {
        entry.next = wanted;
    } else if (entry.spec == wanted) {
        return;
    } else if (!entry.service) {
        entry.spec = wanted;
        set_up(entry);
    } else if (needs_restart(entry.spec, wanted)) {
        leave(name, std::nullopt, wanted);
    } else {
        const bool turned = entry.spec.desired_up != wanted.desired_up;
        entry.spec = wanted;
        entry.service->update_live(wanted);
        if (turned) entry.service->set_desired(wanted.desired_up, std::nullopt);
    }
}

void Manager::add(const ServiceSpec& spec, std::optional<OwnedProcess> process,
                  std::uint64_t cause) {
    const std::string& name = spec.service();
    Entry& entry = entries_[name];
    entry.spec = spec;
    entry.cause = around_.events.publish(
        ServiceLoaded{name, spec.service_group().to_string(), spec.ident.to_string()}, cause);
    watch_user_config(name);
    entry.unattended = std::move(process);
    set_up(entry);
}

void Manager::set_up(Entry& entry) {
    entry.failure.clear();
    try {
        const auto package = around_.store.load(entry.spec.ident);
        if (run_install_hooks(entry, package)) return;
        auto service = std::make_shared<Service>(around_, entry.spec,
                                                 specs_.file(entry.spec.service()), package);
        for (auto* pump : {&entry.out, &entry.err}) {
            if (*pump) (*pump)->stop();
            pump->reset();
        }
        service->because(entry.cause);
        service->begin(std::exchange(entry.unattended, std::nullopt));
        entry.service = std::move(service);
        entry.tries.reset();
    } catch (const Error& error) {
        cannot_set_up(entry, error);
    }
}

void Manager::cannot_set_up(Entry& entry, const Error& error) {
    entry.service.reset();
    leave_group(entry.spec);
    entry.failure = error.message();
    if (!error.hint().empty()) entry.failure += " (" + error.hint() + ")";
    say(fmt::format("Unable to start {}: {}", entry.spec.ident.to_string(), entry.failure));
    around_.events.publish(
        PhaseChanged{entry.spec.service(), ServicePhase::down, ServicePhase::failed, entry.failure},
        entry.cause);
    leave_unattended(entry);
    if (is_of_the_disk(error)) try_again_later(entry);
}

void Manager::try_again_later(Entry& entry) {
    const auto wait = entry.tries.next(around_.entropy);
    say(fmt::format("{} is tried again in {:.1f} secs", entry.spec.ident.to_string(),
                    static_cast<double>(wait.count()) / 1000));
    entry.retry = std::make_unique<boost::asio::steady_timer>(around_.loop);
    entry.retry->expires_after(wait);
    entry.retry->async_wait(
        [this, name = entry.spec.service()](const boost::system::error_code& error) {
            const auto found = entries_.find(name);
            if (error || ending_ || found == entries_.end()) return;
            if (!found->second.service && !found->second.leaving) set_up(found->second);
        });
}

bool Manager::run_install_hooks(Entry& entry, const package::InstalledPackage& package) {
    // A process that is running was started after they had succeeded.
    if (entry.unattended) return false;
    if (package::pending_install_hooks(package, around_.store).empty()) return false;
    entry.failure = "its install hook runs first";
    const std::string name = entry.spec.service();
    say(fmt::format("Running the install hooks that {} waits for", entry.spec.ident.to_string()));
    installer_.install(
        package.ident().to_string(), "", "", [this](std::string_view line) { say(line); },
        [this, name, spec = entry.spec](const Error* error) {
            const auto found = entries_.find(name);
            // Meanwhile it may have been unloaded, or loaded in another way, which comes here anew.
            if (ending_ || found == entries_.end() || found->second.leaving) return;
            if (found->second.service || found->second.spec != spec) return;
            if (error != nullptr) {
                cannot_set_up(found->second, *error);
            } else {
                set_up(found->second);
            }
        });
    return true;
}

void Manager::leave_unattended(Entry& entry) {
    if (!entry.unattended || entry.out) return;
    if (entry.unattended->ended) {
        around_.launcher.forget(entry.unattended->pid);
        entry.unattended.reset();
        return;
    }
    const auto group = entry.spec.service_group().to_string();
    say(fmt::format("The process of {} (PID: {}) keeps running, but unattended", group,
                    entry.unattended->pid));
    entry.out = relay(entry.unattended->out, group, LineSource::service_out);
    entry.err = relay(entry.unattended->err, group, LineSource::service_err);
}

/// Copies of the pipes are read, so that the process is not held up; the pipes themselves stay for
/// the service that will take over.
std::shared_ptr<OutputPump> Manager::relay(const UniqueFd& pipe, const std::string& group,
                                           LineSource source) {
    const auto lines = std::make_shared<LineSplitter>();
    const auto emit = [this, group, source](std::string_view text) {
        around_.events.publish(LogLine{source, group, source == LineSource::service_out ? "O" : "E",
                                       std::string(text)});
    };
    UniqueFd copy(::fcntl(pipe.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) throw Error::from_errno("cannot read the output of " + group);
    return OutputPump::start(
        around_.loop, std::move(copy),
        [lines, emit](std::string_view bytes) { lines->feed(bytes, emit); },
        [lines, emit] { lines->end(emit); });
}

void Manager::watch_user_config(const std::string& name) {
    const auto dir = around_.store.paths().user_config(name).parent_path();
    try {
        make_directories(dir);
        const auto changed = [this, name](const std::string& file) {
            if (file.empty() || file == "user.toml") user_config_changed(name);
        };
        watcher_.watch(dir, changed, true);
    } catch (const Error& error) {
        say(fmt::format("Changes of {} are only seen after a restart: {}",
                        (dir / "user.toml").string(), error.message()));
    }
}

void Manager::user_config_changed(const std::string& name) {
    const auto found = entries_.find(name);
    if (found == entries_.end() || found->second.leaving) return;
    if (found->second.service) {
        found->second.service->user_config_changed();
    } else {
        set_up(found->second);
    }
}

void Manager::leave(const std::string& name, std::optional<std::chrono::seconds> timeout,
                    std::optional<ServiceSpec> next, std::function<void()> gone) {
    Entry& entry = entries_.at(name);
    const bool already = entry.leaving;
    entry.leaving = true;
    entry.next = std::move(next);
    if (gone) entry.gone.push_back(std::move(gone));
    // At once, so that nobody sends it more work while it ends.
    if (!entry.next) leave_group(entry.spec);
    if (!entry.service) {
        if (entry.unattended) {
            end_orphan(*std::exchange(entry.unattended, std::nullopt), "it is not wanted any more");
        }
        left(name);
    } else {
        entry.service->shut_down(
            timeout, already ? Service::AtRest{} : [this, name] { left(name); });
    }
}

void Manager::left(const std::string& name) {
    auto node = entries_.extract(name);
    if (node.empty()) return;
    Entry entry = std::move(node.mapped());
    entry.service.reset();
    for (auto* pump : {&entry.out, &entry.err}) {
        if (*pump) (*pump)->stop();
    }
    fail_point("service.left", name);
    if (!entry.next || ending_) remove_groups(name);
    if (!ending_) around_.launcher.remember(name, "");  // counting starts over with the next load
    if (entry.next && !ending_) {
        if (entry.next->service_group() != entry.spec.service_group()) leave_group(entry.spec);
        add(*entry.next, {}, entry.cause);
    } else {
        watcher_.unwatch(around_.store.paths().user_config(name).parent_path());
        around_.events.publish(ServiceUnloaded{name}, entry.cause);
    }
    for (const auto& gone : entry.gone)
        gone();
}

void Manager::process_exited(const std::string& service, std::int64_t pid,
                             const ExitStatus& status) {
    if (const auto orphan = orphans_.find(pid); orphan != orphans_.end()) {
        orphans_.erase(orphan);
        around_.launcher.forget(pid);
        remove_groups(service);  // and ends the shutdown, if this was the last
        return;
    }
    const auto found = entries_.find(service);
    if (found != entries_.end() && found->second.service) {
        found->second.service->process_exited(pid, status);
    } else {
        around_.launcher.forget(pid);
        if (found == entries_.end()) return;
        Entry& entry = found->second;
        entry.unattended.reset();
        for (auto* pump : {&entry.out, &entry.err}) {
            if (*pump) (*pump)->drain_and_stop();
            pump->reset();
        }
        set_up(entry);  // in vain, most likely; but a service must not stay down without a try
    }
}

void Manager::end_orphan(OwnedProcess process, const std::string& why) {
    if (process.ended) {
        around_.launcher.forget(process.pid);
        remove_groups(process.service);
        return;
    }
    say(fmt::format("Terminating {} (PID: {}): {}", process.service, process.pid, why));
    around_.launcher.signal(process.pid, SIGTERM);
    auto timer = std::make_unique<boost::asio::steady_timer>(around_.loop);
    timer->expires_after(std::chrono::seconds(8));
    timer->async_wait([this, pid = process.pid](const boost::system::error_code& error) {
        if (!error) around_.launcher.signal(pid, SIGKILL);
    });
    orphans_[process.pid] = {process.service, std::move(timer)};
}

void Manager::shutdown() {
    if (ending_) return;
    ending_ = true;
    around_.events.publish(SupervisorStopping{false});
    leave_ring();
    say("Gracefully terminating all services");
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_)
        names.push_back(name);
    for (const auto& name : names) {
        leave(name, std::nullopt, std::nullopt, [this] { finish_shutdown(); });
    }
    finish_shutdown();
}

void Manager::finish_shutdown() {
    if (ending_ && entries_.empty() && orphans_.empty() && groups_leaving_.empty()) ended_(0);
}

void Manager::remove_groups(const std::string& name, int tries) {
    constexpr int most_tries = 100;
    constexpr std::chrono::milliseconds pause{50};
    groups_leaving_.erase(name);
    if (entries_.contains(name)) return;  // it came back and uses them
    for (const auto& [pid, orphan] : orphans_) {
        if (orphan.service == name) return;  // it has its time; its end comes here again
    }
    around_.groups.kill_members(name);
    if (around_.groups.remove(name)) {
        finish_shutdown();
    } else if (tries == most_tries) {
        say(fmt::format("The control groups of {} stay: something in them does not end", name));
        finish_shutdown();
    } else {
        auto timer = std::make_unique<boost::asio::steady_timer>(around_.loop);
        timer->expires_after(pause);
        timer->async_wait([this, name, tries](const boost::system::error_code& error) {
            if (!error) remove_groups(name, tries + 1);
        });
        groups_leaving_[name] = std::move(timer);
    }
}

void Manager::restart_supervisor() {
    if (ending_) return;
    ending_ = true;
    around_.events.publish(SupervisorStopping{true});
    say("Restarting the Supervisor; services keep running");
    ended_(0);
}

std::vector<std::shared_ptr<const ServiceSnapshot>> Manager::services() const {
    std::vector<std::shared_ptr<const ServiceSnapshot>> out;
    for (const auto& [name, entry] : entries_) {
        out.push_back(std::make_shared<const ServiceSnapshot>(snapshot(entry)));
    }
    return out;
}

std::shared_ptr<const ServiceSnapshot> Manager::find(std::string_view name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) return nullptr;
    return std::make_shared<const ServiceSnapshot>(snapshot(found->second));
}

std::optional<std::vector<std::string>> Manager::secret_texts(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end() || !found->second.service) return std::nullopt;
    return found->second.service->secret_texts();
}

ServiceSnapshot Manager::snapshot(const Entry& entry) const {
    if (entry.service) return entry.service->snapshot();
    auto out = spec_snapshot(entry.spec, specs_.file(entry.spec.service()));
    out.phase = ServicePhase::failed;
    out.failure = entry.failure;
    return out;
}

}  // namespace hab::supervisor
