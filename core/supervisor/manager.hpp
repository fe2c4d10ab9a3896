// SPDX-License-Identifier: Apache-2.0
// All services of one supervisor: brings what runs in line with the spec files, and carries out
// commands.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "supervisor/commands.hpp"
#include "supervisor/dir_watcher.hpp"
#include "supervisor/package_installer.hpp"
#include "supervisor/service.hpp"
#include "supervisor/service_state.hpp"
#include "supervisor/spec_store.hpp"

namespace hab::supervisor {

/// Loop only.
class Manager final : public Commands, public StateReader {
public:
    /// `ended` is called with the exit code of the process when the supervisor is to end.
    Manager(Surroundings around, SpecStore specs, DirWatcher& watcher, PackageInstaller& installer,
            std::function<void(int exit_code)> ended);

    /// Takes over the launcher's processes, loads every spec and begins to watch the directory.
    void begin(std::vector<OwnedProcess> processes);
    void process_exited(const std::string& service, std::int64_t pid, const ExitStatus& status);
    /// These groups are others in the ring now.
    void ring_changed(const std::set<std::string>& groups);

    // Commands
    void load(const LoadRequest& request, ReplyPtr reply) override;
    void update(const std::string& ident, const ServiceOptions& options, ReplyPtr reply) override;
    void unload(const std::string& ident, std::optional<std::chrono::seconds> timeout,
                ReplyPtr reply) override;
    void start(const std::string& ident, ReplyPtr reply) override;
    void stop(const std::string& ident, std::optional<std::chrono::seconds> timeout,
              ReplyPtr reply) override;
    [[nodiscard]] std::string default_config(const std::string& ident) const override;
    void restart_supervisor() override;
    void shutdown() override;

    // StateReader
    [[nodiscard]] std::vector<std::shared_ptr<const ServiceSnapshot>> services() const override;
    [[nodiscard]] std::shared_ptr<const ServiceSnapshot> find(std::string_view name) const override;
    /// The merged configuration of a service with origins, as JSON: {"service", "group", "cfg",
    /// "rows": [{"path", "value", "origin"}]}, without secrets. Throws not_found.
    [[nodiscard]] std::string config_json(const std::string& name) const;
    /// Throws invalid_input if the text is no TOML, or breaks the schema of a service of the group
    /// that is loaded here.
    void check_group_config(const std::string& group, const std::string& text) const;
    /// The secret values of a service's configuration; nothing if they are not known.
    [[nodiscard]] std::optional<std::vector<std::string>> secret_texts(
        const std::string& name) const;
    [[nodiscard]] const SystemState& system() const override { return around_.system; }
    [[nodiscard]] const SupervisorPaths& paths() const override { return fs_paths_; }

private:
    struct Entry {
        ServiceSpec spec;
        std::shared_ptr<Service> service;  ///< null while it cannot be set up
        std::string failure;               ///< then why
        /// Then: a process of an earlier supervisor, which is left running until the service can be
        /// set up.
        std::optional<OwnedProcess> unattended;
        std::shared_ptr<OutputPump> out, err;  ///< of that process
        std::uint64_t cause = 0;               ///< event that what happens next follows from
        bool leaving = false;                  ///< it stops; then `next` or nothing takes its place
        std::optional<ServiceSpec> next;
        std::vector<std::function<void()>> gone;  ///< called when it has left
        /// Runs while the disk was at fault: nothing tells when it has room again.
        std::unique_ptr<boost::asio::steady_timer> retry;
        Backoff tries{{std::chrono::seconds(1), std::chrono::seconds(60), false}};
    };

    using Entries = std::map<std::string, Entry, std::less<>>;  ///< by name of the service

    [[nodiscard]] Entries::const_iterator find_loaded(const package::Ident& wanted) const;
    void reconcile();
    void reconcile(const SpecStore::Contents& contents);
    /// Once for all changes of this round of the loop: each reads every spec.
    void reconcile_soon();
    void reconcile(const std::string& name, const ServiceSpec& wanted);
    void add(const ServiceSpec& spec, std::optional<OwnedProcess> process = {},
             std::uint64_t cause = 0);
    /// Tells that a command came, and that what follows for the service follows from it.
    std::uint64_t asked(const std::string& service, std::string command, std::string by);
    void spec_file_changed(const std::string& name, Entry& entry, const ServiceSpec* wanted);
    void set_up(Entry& entry);
    void cannot_set_up(Entry& entry, const Error& error);
    void try_again_later(Entry& entry);
    /// Starts them if the service's package waits for any: then it is set up when they have
    /// succeeded.
    bool run_install_hooks(Entry& entry, const package::InstalledPackage& package);
    void leave_unattended(Entry& entry);
    void leave_group(const ServiceSpec& spec);
    void settle_ring();
    void leave_ring();
    void leave(const std::string& name, std::optional<std::chrono::seconds> timeout,
               std::optional<ServiceSpec> next, std::function<void()> gone = {});
    void left(const std::string& name);
    void watch_user_config(const std::string& name);
    void user_config_changed(const std::string& name);
    std::vector<OwnedProcess> one_for_each(std::vector<OwnedProcess> processes);
    void end_orphan(OwnedProcess process, const std::string& why);
    void finish_shutdown();
    /// Removes the control groups of a service that has left, when the last process has left them.
    void remove_groups(const std::string& name, int tries = 0);
    std::shared_ptr<OutputPump> relay(const UniqueFd& pipe, const std::string& group,
                                      LineSource source);
    void say(std::string_view text);

    [[nodiscard]] Entry& loaded(const std::string& ident);
    [[nodiscard]] const Entry& loaded(const std::string& ident) const;
    /// Runs `hab pkg install`, which also runs install hooks that have not succeeded yet.
    void install_then(const std::string& wanted, const LoadRequest& request, const ReplyPtr& reply);
    void load_installed(const LoadRequest& request, const ReplyPtr& reply);
    [[nodiscard]] ServiceSpec spec_for(const LoadRequest& request) const;
    void refuse_while_ending() const;
    /// Runs a command; what it throws is the reply.
    static void answer(const ReplyPtr& reply, const std::function<void()>& command);
    [[nodiscard]] ServiceSnapshot snapshot(const Entry& entry) const;

    Surroundings around_;
    SpecStore specs_;
    DirWatcher& watcher_;
    PackageInstaller& installer_;
    std::function<void(int)> ended_;
    SupervisorPaths fs_paths_;
    Entries entries_;
    struct Orphan {
        std::string service;
        std::unique_ptr<boost::asio::steady_timer> timer;  ///< until it is killed
    };
    std::map<std::int64_t, Orphan> orphans_;
    /// Whose control groups still have processes in them.
    std::map<std::string, std::unique_ptr<boost::asio::steady_timer>> groups_leaving_;
    std::vector<std::string> known_errors_;
    bool ending_ = false;
    bool reconcile_due_ = false;
};

}  // namespace hab::supervisor
