// SPDX-License-Identifier: Apache-2.0
#include "supervisor/supervisor.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/pending_file.hpp"
#include "control/tls_files.hpp"
#include "launcher/marks.hpp"
#include "launcher/messages.hpp"
#include "plugin/package_dirs.hpp"
#include "plugin/registry.hpp"
#include "supervisor/console.hpp"
#include "supervisor/ctl_gateway.hpp"
#include "supervisor/flight_recorder.hpp"
#include "supervisor/http/gateway.hpp"
#include "supervisor/launcher_link.hpp"
#include "supervisor/manager.hpp"
#include "supervisor/ring/peer_file.hpp"
#include "supervisor/ring/ring_membership.hpp"
#include "supervisor/service_log.hpp"
#include "supervisor/sup_state.hpp"
#include "supervisor/system_info.hpp"
#include "supervisor/why_answer.hpp"
#include "supervisor/why_report.hpp"

namespace hab::supervisor {

namespace asio = boost::asio;

namespace {

// A launcher answers within a millisecond; on a busy machine it may wait for its turn.
// It may also have to end first what a launcher before it left behind.
constexpr std::chrono::seconds launcher_patience{30};

// What services get to end themselves when their launcher was killed.
constexpr std::chrono::seconds grace_without_launcher{8};

BackoffPolicy backoff_of(const RunOptions& options) {
    return {options.min_backoff, options.max_backoff, !options.explicit_backoff};
}

plugin::Catalogue find_plugins(const Paths& paths) {
    const auto memory = paths.cache() / "plugin-dirs";
    // Without the memory a start only takes longer.
    const auto try_to = [](const auto& step) {
        try {
            step();
        } catch (const Error& error) {
            log::debug("supervisor", "{}", error.message());
        }
    };
    std::string remembered;
    try_to([&] { remembered = read_file_if_exists(memory).value_or(""); });
    auto found = plugin::find_package_dirs(paths.pkgs(), remembered, SystemClock().wall());
    if (!found.to_remember.empty()) {
        try_to([&] {
            make_directories(paths.cache());
            write_file_atomic(memory, found.to_remember, {.durable = false});
        });
    }
    return plugin::Catalogue::discover(
        plugin::SearchPlan::from_environment({}, std::move(found.plugin_dirs), ::geteuid() != 0));
}

/// What load() of the package named on the command line answers goes to the console.
class ConsoleReply final : public Reply {
public:
    ConsoleReply(EventStream& events, std::function<void(const Error&)> failed)
        : events_(events), failed_(std::move(failed)) {}
    void line(std::string_view text) override {
        events_.publish(LogLine{LineSource::supervisor, "hab-sup", "MR", std::string(text)});
    }
    void done(const Error* error) override {
        if (error != nullptr) failed_(*error);
    }

private:
    EventStream& events_;
    std::function<void(const Error&)> failed_;
};

}  // namespace

class Supervisor::State {
public:
    explicit State(RunOptions options)
        : options_(std::move(options)),
          paths_(Paths::from_environment()),
          store_(paths_),
          events_(clock_),
          console_(loop_, events_, options_.json_logging, options_.no_color),
          signals_(loop_, SIGHUP) {
        if (options_.verbose) log::set_level(log::Level::debug);
    }

    void start();
    int run();
    bool restarted = false;
    [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

private:
    void prepare_directories() const;
    void record_flights();
    /// Adds the route of `hab why` to the HTTP gateway.
    void tell_why();
    void open_ring();
    void open_gateways();
    void open_local_gateway(ListenAddresses& addresses);
    [[nodiscard]] CtlServices ctl_services();
    [[nodiscard]] std::shared_ptr<net::TlsContext> ctl_tls() const;
    void describe_system();
    void load_package();
    void load_failed(const Error& error);
    void launcher_lost();
    void listen();
    void say(std::string text) {
        events_.publish(LogLine{LineSource::supervisor, "hab-sup", "MR", std::move(text)});
    }
    void end(int code) {
        exit_code_ = departed_ ? launcher::exit_give_up : code;
        loop_.stop();
    }

    RunOptions options_;
    Paths paths_;
    SystemClock clock_;
    SystemEntropy entropy_;
    package::InstalledPackages store_;
    asio::io_context loop_{1};
    EventStream events_;
    ServiceUsers users_{clock_};
    Console console_;
    ServiceLogs logs_{events_, paths_};
    SystemState system_;
    asio::signal_set signals_;
    std::optional<SupervisorLock> lock_;
    std::optional<plugin::Registry> plugins_;
    std::optional<LauncherLink> launcher_;
    std::optional<ControlGroups> groups_;
    std::optional<DirWatcher> watcher_;
    std::optional<PackageInstaller> installer_;
    std::optional<RingMembership> ring_;
    std::optional<PeerFile> peer_file_;
    bool departed_ = false;  ///< an operator sent this member of the ring away
    std::optional<Manager> manager_;
    std::optional<FlightRecorder> recorder_;
    std::optional<http::Gateway> http_;
    std::optional<CtlGateway> ctl_, local_ctl_;
    std::optional<int> exit_code_;
    std::optional<Error> failure_;
};

void Supervisor::State::prepare_directories() const {
    for (const auto& dir : {paths_.sup(), paths_.sup() / "data", paths_.sup() / "specs"}) {
        make_directories(dir);
        remove_stale_files(dir);
    }
}

void Supervisor::State::start() {
    launcher_.emplace(loop_, LauncherLink::socket_from_environment());
    prepare_directories();
    lock_.emplace(paths_.sup() / "LOCK", ::getppid());
    auto processes = launcher_->connect(launcher_patience);
    fail_point("supervisor.connected");
    restarted = launcher_->generation() > 1;
    const bool is_new = !std::filesystem::exists(paths_.sup() / "MEMBER_ID") ||
                        !std::filesystem::exists(paths_.sup() / "CTL_SECRET");
    options_.ring.identity = enter_ring(options_.ring, paths_, clock_.wall());
    system_.member_id = load_member_id(paths_.sup() / "MEMBER_ID", entropy_);
    groups_.emplace(ControlGroups::Place::of_this_process(), system_.member_id,
                    paths_.sup() / "data/control-groups");
    plugins_.emplace(find_plugins(paths_), plugin::no_services());
    watcher_.emplace(loop_);
    installer_.emplace(loop_, install_prefix() / "bin" / "hab");
    describe_system();
    open_ring();
    manager_.emplace(
        Surroundings{loop_, clock_, entropy_, events_, *launcher_, *plugins_, store_, system_,
                     backoff_of(options_), options_.cooldown, *groups_, users_, &*ring_},
        SpecStore(paths_.sup() / "specs"), *watcher_, *installer_, [this](int code) { end(code); });
    record_flights();
    say(fmt::format("Supervisor Member-ID {}", system_.member_id));
    open_gateways();
    listen();
    fail_point("supervisor.listening");
    manager_->begin(std::move(processes));
    fail_point("supervisor.begun");
    launcher_->ready();
    load_package();
    if (is_new) asio::post(loop_, [this] { sync_identity(paths_.sup()); });
}

void Supervisor::State::open_ring() {
    ring_.emplace(RingMembership::Surroundings{loop_, clock_, entropy_, events_, paths_, system_},
                  options_.ring);
    system_.gossip_ip = options_.ring.listen.host;
    system_.gossip_port = ring_->swim_address().port;
    system_.permanent = options_.ring.permanent_peer;
    RingCallbacks callbacks;
    callbacks.groups_changed = [this](const std::set<std::string>& groups) {
        manager_->ring_changed(groups);
    };
    callbacks.departed = [this] {
        say("This supervisor was sent away from its ring: it stops for good");
        departed_ = true;
        manager_->shutdown();
    };
    ring_->listen(std::move(callbacks));
    if (!options_.ring.peer_watch_file.empty()) {
        peer_file_.emplace(
            loop_, options_.ring.peer_watch_file,
            [this](const ring::Endpoint& peer) { ring_->add_peer(peer); },
            [this](const std::string& problem) { say(problem); });
    }
}

void Supervisor::State::describe_system() {
    system_.version = HAB_VERSION;
    system_.ip = options_.sys_ip_address.empty() ? default_ip_address() : options_.sys_ip_address;
    system_.hostname = host_name();
}

void Supervisor::State::open_gateways() {
    ListenAddresses addresses;
    addresses.gossip = {options_.ring.listen.host, ring_->swim_address().port, {}};
    addresses.gossip_stream = {options_.ring.listen.host, ring_->gossip_address().port, {}};
    say(fmt::format("Starting gossip-listener on {}", addresses.gossip->to_string()));
    const auto secret = load_ctl_secret(paths_.sup() / "CTL_SECRET", entropy_);
    ctl_.emplace(loop_, options_.listen_ctl, CtlAccess::by_secret(secret, ctl_tls()),
                 ctl_services());
    addresses.ctl = ctl_->local();
    system_.ctl_gateway_ip = ctl_->local().host;
    system_.ctl_gateway_port = ctl_->local().port;
    say(fmt::format("Starting ctl-gateway on {}", ctl_->local().to_string()));
    if (options_.listen_http) {
        auto site = http::SiteSettings::from_environment();
        site.boot = entropy_.hex(8);
        site.version = HAB_VERSION;
        http_.emplace(loop_, *options_.listen_http, options_.http_tls, std::move(site),
                      http::Sources{*manager_, events_, clock_, paths_, &*ring_});
        tell_why();
        addresses.http = http_->local();
        if (!options_.http_tls.key.empty()) {
            addresses.http_certificate = std::filesystem::absolute(options_.http_tls.certificates);
            addresses.http_asks_clients = !options_.http_tls.client_ca.empty();
        }
        system_.http_gateway_ip = http_->local().host;
        system_.http_gateway_port = http_->local().port;
        say(fmt::format("Starting http-gateway on {}", http_->local().to_string()));
    }
    open_local_gateway(addresses);
    write_listen_file(paths_, addresses);
}

void Supervisor::State::tell_why() {
    const auto answer = [this](const http::Request& request, const ServiceSnapshot& service) {
        const bool full = !http_->site().redacts() && http_->site().may_read_logs(request);
        return http::json_response(why_answer(*manager_, *recorder_, service.name, 0, full));
    };
    http_->site().routes().add_service("why", "what led to its last starts and changes", answer);
}

void Supervisor::State::record_flights() {
    const auto secrets = [this](const std::string& service) {
        return manager_->secret_texts(service);
    };
    const auto crash_text = [this](const std::string& service) {
        return why_text(why_answer(*manager_, *recorder_, service, 0, true));
    };
    recorder_.emplace(loop_, events_, recorder_dir(paths_), secrets, crash_text);
}

std::shared_ptr<net::TlsContext> Supervisor::State::ctl_tls() const {
    net::TlsServerFiles files = options_.ctl_tls;
    if (files.key.empty()) return nullptr;
    files.key = control::newest_pem(files.key, ".key.pem");
    files.certificates = control::newest_pem(files.certificates, ".crt.pem");
    if (!files.client_ca.empty())
        files.client_ca = control::newest_pem(files.client_ca, ".crt.pem");
    return net::open_tls_server(files);
}

CtlServices Supervisor::State::ctl_services() {
    CtlServices services{*manager_, *manager_, events_, clock_};
    services.why = [this](const std::string& service, std::size_t chains, bool full) {
        return to_json(why_answer(*manager_, *recorder_, service, chains, full));
    };
    services.config = [this](const std::string& service) { return manager_->config_json(service); };
    services.check_config = [this](const std::string& group, const std::string& text) {
        manager_->check_group_config(group, text);
    };
    services.ring = &*ring_;
    return services;
}

void Supervisor::State::open_local_gateway(ListenAddresses& addresses) {
    const net::Endpoint address{{}, 0, local_ctl_socket(paths_).string()};
    try {
        // Only one supervisor has the lock: what is there is left over.
        std::error_code ignored;
        std::filesystem::remove(address.unix_path, ignored);
        local_ctl_.emplace(loop_, address, CtlAccess::by_user(is_root_or_self), ctl_services());
        addresses.local = local_ctl_->local();
    } catch (const Error& error) {
        // The other gateway does all that this one does.
        say(fmt::format("Commands need the control secret: {}", error.message()));
    }
}

void Supervisor::State::load_package() {
    // After a restart the specs tell what is loaded; an unloaded service must not come back.
    if (options_.package.empty() || restarted) return;
    const auto reply =
        std::make_shared<ConsoleReply>(events_, [this](const Error& error) { load_failed(error); });
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(options_.package, ignored)) {
        manager_->load({options_.package, true, options_.load}, reply);
        return;
    }
    const std::string file = std::filesystem::absolute(options_.package).string();
    installer_->install_artifact(
        file, [reply](std::string_view line) { reply->line(line); },
        [this, reply](const std::string& ident, const Error* error) {
            if (error != nullptr) {
                reply->done(error);
            } else {
                manager_->load({ident, true, options_.load}, reply);
            }
        });
}

void Supervisor::State::load_failed(const Error& error) {
    if (manager_->services().empty()) {
        // Nothing is loaded and nothing can be: there is nobody to stay for.
        failure_ = error;
        end(launcher::exit_failed);
        return;
    }
    say(error.message());
    if (!error.hint().empty()) say(error.hint());
    say("The Supervisor goes on with the services that are loaded");
}

void Supervisor::State::launcher_lost() {
    say("The launcher is gone; ending everything it started");
    console_.flush();
    const char* mark = std::getenv(launcher::mark_variable);
    // Blocks: without its launcher this process has nothing else to do.
    if (mark != nullptr) (void)launcher::end_marked(mark, grace_without_launcher);
    if (groups_) groups_->remove_all_but({});
    end(1);
}

void Supervisor::State::listen() {
    LauncherCallbacks callbacks;
    callbacks.exited = [this](const std::string& service, std::int64_t pid,
                              const ExitStatus& status) {
        manager_->process_exited(service, pid, status);
    };
    callbacks.shutdown = [this] { manager_->shutdown(); };
    callbacks.lost = [this] { launcher_lost(); };
    launcher_->listen(std::move(callbacks));
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) manager_->restart_supervisor();
    });
}

int Supervisor::State::run() {
    while (!exit_code_) {
        // The edge of the loop: one handler that fails must not take the services' supervisor with
        // it.
        try {
            loop_.run();
        } catch (const Error& error) {
            say(error.message());
        } catch (const std::exception& error) {
            say(fmt::format("Unexpected error: {}", error.what()));
        }
        if (!exit_code_ && loop_.stopped()) loop_.restart();
    }
    std::error_code ignored;
    std::filesystem::remove(paths_.sup() / "listen.json", ignored);
    std::filesystem::remove(local_ctl_socket(paths_), ignored);
    if (recorder_) recorder_->flush();
    console_.flush();
    return *exit_code_;
}

Supervisor::Supervisor(RunOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Supervisor::~Supervisor() = default;
void Supervisor::start() {
    state_->start();
}
bool Supervisor::restarted() const noexcept {
    return state_->restarted;
}
int Supervisor::run() {
    return state_->run();
}
const std::optional<Error>& Supervisor::failure() const noexcept {
    return state_->failure();
}

}  // namespace hab::supervisor
