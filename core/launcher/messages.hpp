// SPDX-License-Identifier: Apache-2.0
// The messages between hab-launch and hab-sup; docs/formats/launcher-protocol.md. Each travels in
// one packet of a SOCK_SEQPACKET unix socket, descriptors beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "launcher/wire.hpp"

namespace hab::launcher {

inline constexpr std::uint32_t protocol_version = 2;
/// Number of the socket's descriptor in hab-sup, decimal.
inline constexpr const char* socket_variable = "HAB_LAUNCHER_FD";
/// Process id of the launcher, decimal.
inline constexpr const char* pid_variable = "HAB_LAUNCHER_PID";

/// Random text of one launcher, in the environment of hab-sup and so of everything started below it:
/// how a later launcher knows what this one left behind.
inline constexpr const char* mark_variable = "HAB_LAUNCHER_MARK";
/// In the environment of hooks, which must not outlive the hab-sup that runs them.
inline constexpr const char* hook_variable = "HAB_HOOK";
/// In the environment of a service process and all that comes of it: the service's id. What has it
/// and forked away does not outlive the process.
inline constexpr const char* service_variable = "HAB_LAUNCHER_SERVICE";

/// Exit codes by which hab-sup tells the launcher what to do; any other code means "start me
/// again".
inline constexpr int exit_informational = 84;  ///< nothing to supervise: launcher exits 0
inline constexpr int exit_failed = 85;   ///< cannot do what it was started for: launcher exits 1
inline constexpr int exit_give_up = 86;  ///< cannot or must not run: launcher exits 86

// From the supervisor.
struct Hello {
    std::uint32_t version = protocol_version;
};
struct Spawn {
    std::uint64_t request = 0;  ///< echoed in the answer
    std::string id;             ///< name of the service; one process per id
    std::vector<std::string> argv;
    std::vector<std::string> env;  ///< "NAME=value", the whole environment
    std::string cwd;
    bool switch_user = false;  ///< uid, gid and groups count only if true
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups;  ///< supplementary
    std::uint64_t open_files = 0;       ///< limit of file descriptors; 0: as the launcher's
    /// Files cgroup.procs of the control groups to live in; the child joins before it changes users.
    std::vector<std::string> control_groups;
    std::uint32_t ready_fd = 0;  ///< number of the write end of a pipe for readiness; 0: none
};
/// Sends a signal to a process, or to its whole process group. Nothing happens if it has ended.
struct Signal {
    std::uint64_t pid = 0;
    std::uint32_t signal = 0;
    bool group = true;
};
/// The exit status of `pid` has been seen; the launcher drops the process and its pipes.
struct Forget {
    std::uint64_t pid = 0;
};

// From the launcher.
/// Answer to Hello; `processes` times Known follows, then `notes` times Remember.
struct Welcome {
    std::uint32_t version = protocol_version;
    std::uint64_t launcher_pid = 0;
    std::uint32_t generation = 1;  ///< 1 for the first supervisor of this launcher, then 2, 3 ...
    std::uint32_t processes = 0;
    std::uint32_t notes = 0;
};
/// A process of an earlier supervisor. Descriptors: stdout pipe, stderr pipe and, if there is one,
/// readiness pipe.
struct Known {
    std::string id;
    std::uint64_t pid = 0;
    std::uint64_t started_ms = 0;  ///< wall clock, since the epoch
    bool running = false;
    std::uint32_t status = 0;  ///< wait status, if not running
};
/// Descriptors: as of Known.
struct Spawned {
    std::uint64_t request = 0;
    std::uint64_t pid = 0;
};
struct SpawnFailed {
    std::uint64_t request = 0;
    std::string what;         ///< "change to user 42", "execute /hab/svc/x/run"
    std::uint32_t error = 0;  ///< errno
};
struct Exited {
    std::string id;
    std::uint64_t pid = 0;
    std::uint32_t status = 0;  ///< wait status
};
/// Stop every service and exit 0.
struct Shutdown {};

/// Both ways: what a supervisor wants its successor to know about a service. The launcher keeps the
/// last text of each id and gives it back after Welcome; an empty text ends the memory.
struct Remember {
    std::string id;
    std::string text;
};

/// From the supervisor: it listens and looks after its services.
struct Ready {};

using Message = std::variant<Hello, Spawn, Signal, Forget, Welcome, Known, Spawned, SpawnFailed,
                             Exited, Shutdown, Remember, Ready>;

/// The bytes of one packet.
[[nodiscard]] std::string encode(const Message& message);
/// Throws WireError for anything that is not exactly one message.
[[nodiscard]] Message decode(std::string_view packet);

}  // namespace hab::launcher
