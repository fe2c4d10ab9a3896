// SPDX-License-Identifier: Apache-2.0
// The supervisor's own files below /hab/sup/default: lock, member id, control secret, listen.json.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/entropy.hpp"
#include "base/paths.hpp"
#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"

namespace hab::supervisor {

/// Held by a running supervisor for as long as it lives: flock on `sup/default/LOCK`, which holds
/// the launcher's process id. A file that nobody has locked is stale and is taken over.
class SupervisorLock {
public:
    /// Throws Error(conflict) ending in "Is another Supervisor process running?". Waits up to 10 s
    /// for what a killed supervisor of the same launcher has left.
    SupervisorLock(const std::filesystem::path& file, pid_t launcher);
    ~SupervisorLock() = default;
    SupervisorLock(SupervisorLock&&) noexcept = default;

private:
    UniqueFd fd_;
};

/// Launcher's process id of the supervisor that holds the lock now, or of one whose supervisor is
/// just being started again; nothing if none runs. For clients: takes no lock that could disturb a
/// supervisor which is just starting.
[[nodiscard]] std::optional<pid_t> running_launcher(const Paths& paths);

/// Addresses that a running supervisor really listens on, from `sup/default/listen.json`.
struct ListenAddresses {
    std::optional<net::Endpoint> http;
    std::optional<net::Endpoint> ctl;
    std::optional<net::Endpoint> local;          ///< Unix socket of the control gateway
    std::optional<net::Endpoint> gossip;         ///< UDP: what others name as their peer
    std::optional<net::Endpoint> gossip_stream;  ///< TCP
    /// Of the HTTP gateway: with it, it speaks TLS. Empty: plain HTTP.
    std::filesystem::path http_certificate = {};
    bool http_asks_clients = false;  ///< they must show a certificate
};
/// Where the control gateway is open to the users of this machine.
[[nodiscard]] std::filesystem::path local_ctl_socket(const Paths& paths);
void write_listen_file(const Paths& paths, const ListenAddresses& addresses);
/// Nothing if the file is absent. Throws invalid_input on a broken one.
[[nodiscard]] std::optional<ListenAddresses> read_listen_file(const Paths& paths);

/// 32 hex digits, made at the first start and kept.
[[nodiscard]] std::string load_member_id(const std::filesystem::path& file, Entropy& entropy);
/// 64 random bytes in base64.
[[nodiscard]] std::string new_ctl_secret(Entropy& entropy);
/// Makes CTL_SECRET (64 random bytes in base64, mode 0600) if it is absent; its text.
[[nodiscard]] std::string load_ctl_secret(const std::filesystem::path& file, Entropy& entropy);
/// Puts MEMBER_ID and CTL_SECRET in `sup` on disk. Not done where they are made, because the first
/// services need not wait for the disk: a power cut before it costs a new id and a new secret.
void sync_identity(const std::filesystem::path& sup);

}  // namespace hab::supervisor
