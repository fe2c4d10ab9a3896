// SPDX-License-Identifier: Apache-2.0
// One loaded service: does what its state machine and its topology decide.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/paths.hpp"
#include "config/origins.hpp"
#include "package/installed.hpp"
#include "plugin/registry.hpp"
#include "supervisor/control_groups.hpp"
#include "supervisor/events.hpp"
#include "supervisor/health_loop.hpp"
#include "supervisor/hook_process.hpp"
#include "supervisor/launcher_link.hpp"
#include "supervisor/output_pump.hpp"
#include "supervisor/service_causes.hpp"
#include "supervisor/service_files.hpp"
#include "supervisor/service_machine.hpp"
#include "supervisor/service_package.hpp"
#include "supervisor/service_tree.hpp"
#include "supervisor/spec.hpp"
#include "supervisor/topology_driver.hpp"

namespace hab::supervisor {

class RingMembership;

/// What every service needs of its supervisor. Borrowed; outlives the services.
struct Surroundings {
    boost::asio::io_context& loop;
    const Clock& clock;
    Entropy& entropy;
    EventStream& events;
    LauncherLink& launcher;
    plugin::Registry& plugins;
    const package::InstalledPackages& store;
    const SystemState& system;
    BackoffPolicy backoff;
    std::chrono::milliseconds cooldown;
    ControlGroups& groups;
    ServiceUsers& users;
    RingMembership* ring = nullptr;  ///< none in tests: every service is alone
};

/// Whether trying again later may help: nobody changes anything when a disk has room again.
[[nodiscard]] bool is_of_the_disk(const Error& error);

/// Loop only. Made as shared pointer: callbacks of the loop hold weak ones.
class Service : public std::enable_shared_from_this<Service> {
public:
    /// Reads the package, prepares directories, compiles templates. Throws hab::Error when the
    /// service cannot be set up; nothing runs then.
    Service(const Surroundings& around, ServiceSpec spec, std::filesystem::path spec_file,
            const package::InstalledPackage& package);
    ~Service();

    /// Renders for the first time and begins to live. `process`: one of an earlier supervisor that
    /// is to be taken over.
    void begin(std::optional<OwnedProcess> process);

    using AtRest = std::function<void()>;
    /// What the operator wants. `at_rest` (may be empty) is called once the process is down.
    void set_desired(bool up, std::optional<std::chrono::seconds> timeout, AtRest at_rest = {});
    /// Stops for good: nothing starts it again. For unloading, shutdown and re-creation with
    /// another spec.
    void shut_down(std::optional<std::chrono::seconds> timeout, AtRest at_rest);
    /// A spec that differs only in what needs no restart.
    void update_live(const ServiceSpec& spec) { spec_ = spec; }
    /// user.toml may have changed.
    void user_config_changed();
    /// These groups are others in the ring now.
    void ring_changed(const std::set<std::string>& groups);
    /// Tells the ring that the service is in its group no more.
    void leave_group();
    /// Generation of the event that what is asked of this service next follows from.
    void because(std::uint64_t cause) noexcept { causes_.asked = cause; }
    /// The secret values of its configuration, as text, for whoever must not show them.
    [[nodiscard]] std::vector<std::string> secret_texts() const { return files_->secret_texts(); }
    /// Throws what speaks against a configuration that the ring might bring.
    void check_ring_config(Value layer) const { files_->check_ring(std::move(layer)); }
    [[nodiscard]] std::vector<config::OriginRow> config_rows() const {
        return config::origin_rows(files_->cfg(), files_->schema());
    }
    void process_exited(std::int64_t pid, const ExitStatus& status);

    [[nodiscard]] const ServiceSpec& spec() const noexcept { return spec_; }
    [[nodiscard]] bool at_rest() const noexcept { return machine_.at_rest(); }
    [[nodiscard]] std::optional<std::int64_t> pid() const noexcept { return machine_.pid(); }
    [[nodiscard]] ServiceSnapshot snapshot() const;
    [[nodiscard]] const std::filesystem::path& default_toml() const noexcept {
        return default_toml_;
    }

private:
    [[nodiscard]] MachineSettings machine_settings() const;
    void feed(const Actions& actions);
    void step();
    void apply(const plugin::TopologyOutput& output);
    void apply(const plugin::TopologyAction& action);
    [[nodiscard]] TopologyView topology_view() const;
    [[nodiscard]] bool wanted() const noexcept { return spec_.desired_up && !ending_; }
    /// Tells a stop that is under way of a new time limit.
    void hurry();
    void announce_rest();
    void restore_memory();
    void restore_finished();
    /// Leaves to the next supervisor what it is to know.
    void remember();
    void write_pid_file(std::int64_t pid);

    [[nodiscard]] package::ServiceLimits limits() const;
    /// Makes the groups of the next process and tells what cannot be enforced. Returns the files to
    /// join.
    std::vector<std::string> prepare_groups();
    /// Tells it if the kernel killed something of the service for want of memory.
    void look_for_oom();
    /// The process is gone: so goes what has forked away from it, as far as groups know it.
    void end_group_members();

    void perform(const RunHook& action);
    void perform(const CancelHook& action);
    void perform(const SpawnProcess& action);
    void perform(const SignalProcess& action);
    void perform(const SetTimer& action);
    void perform(const CancelTimer& action);
    void perform(const ProcessIsUp& action);
    void perform(const ProcessIsDown& action);
    void perform(const ProcessIsReady& action);
    void perform(const Say& action);
    void perform(const EnterPhase& action);

    void hook_ended(Hook hook, const HookResult& result);
    /// A hook could not be started for want of processes, memory or disk.
    void run_hook_later(Hook hook);
    void health(const HealthLoop::Step& step);
    void publish_health(Health before, std::uint64_t cause);
    [[nodiscard]] HookCommand hook_command(Hook hook) const;
    [[nodiscard]] launcher::Spawn spawn_request();
    void adopt(OwnedProcess process);
    void pump(UniqueFd fd, LineSource source, std::shared_ptr<OutputPump>& into);
    void started(OwnedProcess process);
    void take_pipes(OwnedProcess& process);
    void drop_pipes();
    [[nodiscard]] ContextInput context_input() const;

    void announce();
    void announce_later();
    [[nodiscard]] std::optional<Value> ring_layer();
    bool look_at_ring();
    [[nodiscard]] bool binds_ready() const;
    void say_bind_complaints();
    void show_ring(const ContextInput& before);
    void begin_after_binds();
    /// What cannot be taken over now is tried again later.
    void take_from_ring();
    void take_ring_config();
    void take_ring_files();
    bool write_ring_file(const std::string& name, std::uint64_t version);
    void take_ring_later();
    bool stays_owed(const Error& error);
    /// `load` reads a layer anew, and says whether the configuration is another one.
    void layer_changed(const std::function<bool()>& load);

    /// Renders and tells everybody. `only`: what changed; everything if it is empty.
    ServiceFiles::Outcome render_files(std::span<const ContextChange> only);
    void render(std::span<const ContextChange> only = {});
    void write_and_tell(std::span<const ContextChange> only);
    void render_again_later();
    [[nodiscard]] bool checks_config() const { return package_.hooks.contains(Hook::config_check); }
    /// Asks the config-check hook about the files as they would be now; they are written if it
    /// agrees. A check that runs already is about older files and is ended.
    void check_config();
    /// The same, but throws if the files cannot even be rendered.
    void ask_config_check();
    /// Renders everything, after the config-check hook if there is one.
    void renew_files();
    void config_checked(const HookResult& result);
    /// Writes the files of a service that has not begun to run; from then on it may start.
    void first_render();
    void refuse(const Error& error, std::string_view consequence);
    void warn_of_config();
    void say(LineSource source, std::string_view key, std::string_view text);
    /// Runs `work` on the loop if this service still exists then.
    void later(std::function<void(Service&)> work);
    void arm(boost::asio::steady_timer& timer, SteadyTime at, std::function<void(Service&)> work);

    Surroundings around_;
    ServiceSpec spec_;
    std::filesystem::path spec_file_;
    ServiceUser user_;
    ServicePackage package_;
    ServiceTree tree_;
    std::filesystem::path default_toml_;
    std::string group_;
    std::unique_ptr<ServiceFiles> files_;
    ServiceMachine machine_;
    TopologyDriver topology_;
    HealthLoop health_;
    HealthReport health_report_;
    bool ending_ = false;
    bool stepping_ = false;
    bool step_again_ = false;
    std::string waiting_for_;
    std::vector<AtRest> rest_callbacks_;
    Causes causes_;
    std::map<Hook, std::shared_ptr<HookProcess>> hooks_running_;
    std::map<Hook, plugin::TopologyHook> hook_history_;
    struct HookRetry {
        boost::asio::steady_timer timer;
        Backoff tries{{std::chrono::seconds(1), std::chrono::seconds(60), false}};
    };
    std::map<Hook, HookRetry> hook_retries_;  ///< those that wait for their next try
    std::map<MachineTimer, std::unique_ptr<boost::asio::steady_timer>> timers_;
    boost::asio::steady_timer health_timer_;
    boost::asio::steady_timer topology_timer_;
    boost::asio::steady_timer render_timer_;
    Backoff render_backoff_{{std::chrono::seconds(1), std::chrono::seconds(60), false}};
    bool half_written_ = false;  ///< the disk failed in the middle of replacing files
    std::shared_ptr<OutputPump> out_, err_, ready_pipe_;
    std::optional<WallTime> ready_since_;
    bool was_starting_ = false;
    bool was_finished_ = false;
    std::optional<SteadyTime> was_due_;  ///< of a run-once service that had finished
    ChangedFiles was_unapplied_;
    bool post_stop_was_due_ = false;
    bool rendering_ = false;  ///< files are being replaced under a running process
    bool was_ready_ = false;  ///< the process that is taken over, as the earlier supervisor knew
    WallTime state_entered_{};
    SteadyTime state_since_{};
    std::optional<LastProcess> last_process_;
    std::vector<std::string> not_enforced_;
    std::uint64_t oom_seen_ = 0;
    std::string oom_failure_;
    std::shared_ptr<const RingContext> ring_;   ///< as templates see it; null: it is alone
    std::vector<std::string> bind_complaints_;  ///< why binds are not satisfied
    std::vector<std::string> said_complaints_;
    bool awaits_binds_ = false;  ///< nothing is rendered before they are satisfied
    std::optional<std::uint64_t> ring_config_version_;
    std::map<std::string, std::uint64_t> ring_files_;  ///< versions that were taken or refused
    bool ring_owes_ = false;  ///< something could not be taken over, but may be later
    std::set<std::string> ring_complaints_;  ///< said since nothing was owed
    boost::asio::steady_timer ring_timer_;
    Backoff ring_backoff_{{std::chrono::seconds(1), std::chrono::seconds(60), false}};
    bool announce_due_ = false;
    bool announced_initialized_ = false;
    bool may_start_ = false;      ///< the files of its first start are written
    bool layer_refused_ = false;  ///< user.toml is broken
    std::string config_refused_;  ///< why files are not those of the configuration, or empty
    std::vector<std::string> check_lines_;  ///< the last ones of the config-check hook
};

}  // namespace hab::supervisor
