// SPDX-License-Identifier: Apache-2.0
// What happened in the supervisor, as a typed stream: gateways, logs and tests are readers of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// A service appeared, or its spec changed.
struct ServiceLoaded {
    std::string service;  ///< name of the package
    std::string group;    ///< "nginx.default"
    std::string ident;    ///< as the operator wrote it
};
/// A service is gone for good: its spec was removed and its process has ended.
struct ServiceUnloaded {
    std::string service;
};
/// The service went from one phase to another.
struct PhaseChanged {
    std::string service;
    ServicePhase from;
    ServicePhase to;
    std::string reason;  ///< one sentence for people, may be empty
};
struct ProcessStarted {
    std::string service;
    std::int64_t pid;
    bool reattached;  ///< it ran already, under an earlier supervisor
};
struct ProcessExited {
    std::string service;
    std::int64_t pid;
    ExitStatus status;
};
struct HookEnded {
    std::string service;
    std::string hook;
    ExitStatus status;
    bool timed_out;
    std::int64_t pid = 0;  ///< 0: it could not be run
    std::chrono::milliseconds duration{0};
};
struct HealthChanged {
    std::string service;
    Health from;
    Health to;
};
/// Templates were rendered: at the start all of them, later those that read what changed. Names of
/// files are relative to the service directory.
struct ConfigRendered {
    std::string service;
    std::vector<std::string> changed;   ///< data that changed ("cfg.port"); "" is all of it
    std::vector<std::string> rendered;  ///< templates that read some of that
    std::vector<std::string> skipped;   ///< the others
    std::vector<std::string> written;   ///< files whose text is another one now
};
/// A change was refused: a layer is broken or violates the package's schema, or a template failed.
/// What was in use before stays in use.
struct ConfigRefused {
    std::string service;
    std::string reason;  ///< one sentence
};
/// The process told, or its ready hook found, that it does its work.
struct BecameReady {
    std::string service;
    std::int64_t pid;
};
/// Where a line came from.
enum class LineSource { supervisor, service_out, service_err, hook };
/// One line of text as it goes to the console, without line end.
struct LogLine {
    LineSource source;
    std::string preamble;  ///< "nginx.default" or "hab-sup"
    std::string key;       ///< "O", "E", "MR", "HK" ...
    std::string text;
};
/// Somebody asked for something, or edited a spec file: the beginning of a chain of causes.
struct CommandReceived {
    std::string service;
    std::string command;  ///< "stop"
    std::string by;       ///< "uid 0 (process 4711)", "127.0.0.1:40312", a file; empty if unknown
};
/// One piece of a service's input that is another one now. Never holds a secret.
struct InputChange {
    std::string path;    ///< "cfg.server.port"
    std::string origin;  ///< where it is written: "/hab/user/redis/config/user.toml:3"; or empty
    std::string before;  ///< as JSON, shortened; "(secret)"; empty: it was not there
    std::string after;   ///< the same; empty: it is gone
};
/// The configuration (or other template data) changed, before anything is made of it.
struct InputChanged {
    std::string service;
    std::vector<InputChange> changes;
};
struct HookStarted {
    std::string service;
    std::string hook;
    std::int64_t pid;
};
struct ProcessSignalled {
    std::string service;
    std::int64_t pid;
    int signal;
};
/// The supervisor begins to end; services stop unless `services_stay`.
struct SupervisorStopping {
    bool services_stay;
};
/// The ring knows something new of another member.
struct MemberChanged {
    std::string member;   ///< id
    std::string address;  ///< IP; empty if it is not known
    std::string health;   ///< "alive", "suspect", "confirmed", "departed"
    std::uint64_t incarnation;
};
/// An election of a service group has a result, or its leader is none any more.
struct LeaderChanged {
    std::string group;
    std::string role;    ///< "leader" or "update leader"
    std::string member;  ///< id; empty: nobody
    std::uint64_t term;  ///< grows with each result: the fencing token
};

using EventBody =
    std::variant<ServiceLoaded, ServiceUnloaded, PhaseChanged, ProcessStarted, ProcessExited,
                 HookEnded, HealthChanged, BecameReady, ConfigRendered, ConfigRefused, LogLine,
                 SupervisorStopping, CommandReceived, InputChanged, HookStarted, ProcessSignalled,
                 MemberChanged, LeaderChanged>;

/// One event. Generations start at 1 and grow by one with each event of this supervisor process.
struct Event {
    std::uint64_t generation;
    WallTime time;
    EventBody body;
    std::uint64_t cause = 0;  ///< generation of the event that this one follows from; 0: none
};

/// Gives events to subscribers, in order, on the event loop. Not thread-safe: loop only. A
/// subscriber may subscribe, unsubscribe or publish from its callback; what is published there is
/// delivered after the current event has reached everybody. Nothing is kept: who subscribes late
/// has missed the past.
class EventStream {
public:
    using Callback = std::function<void(const Event&)>;

    /// `clock` must outlive the stream.
    explicit EventStream(const Clock& clock) : clock_(clock) {}
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    /// Ends the subscription when it goes; must not outlive the stream.
    class [[nodiscard]] Subscription {
    public:
        Subscription() noexcept = default;
        Subscription(Subscription&& other) noexcept;
        Subscription& operator=(Subscription&& other) noexcept;
        ~Subscription() { reset(); }
        void reset() noexcept;

    private:
        friend class EventStream;
        Subscription(EventStream* stream, std::uint64_t id) noexcept : stream_(stream), id_(id) {}
        EventStream* stream_ = nullptr;
        std::uint64_t id_ = 0;
    };

    [[nodiscard]] Subscription subscribe(Callback callback);
    /// Returns the generation of the event, to name it as the cause of others.
    std::uint64_t publish(EventBody body, std::uint64_t cause = 0);
    /// Generation of the last event published, 0 before the first.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

private:
    struct Reader {
        std::uint64_t id;
        std::shared_ptr<Callback> callback;  ///< shared: it may unsubscribe itself while it runs
    };
    void deliver(const Event& event);

    const Clock& clock_;
    std::uint64_t generation_ = 0;
    std::uint64_t next_reader_ = 1;
    std::list<Reader> readers_;
    std::list<Event> queue_;
    bool delivering_ = false;
};

}  // namespace hab::supervisor
