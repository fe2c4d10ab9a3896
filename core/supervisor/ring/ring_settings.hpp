// SPDX-License-Identifier: Apache-2.0
// What the operator says about the ring.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/endpoint.hpp"
#include "ring/address.hpp"
#include "ring/seal.hpp"
#include "ring/strict.hpp"

#include "base/clock.hpp"
#include "base/paths.hpp"
#include "crypto/key_cache.hpp"

namespace hab::supervisor {

inline constexpr std::uint16_t gossip_port = 9638;

struct RingSettings {
    net::Endpoint listen{"0.0.0.0", gossip_port, {}};  ///< port 0: any
    std::vector<std::string> peers;                    ///< HOST[:PORT]
    std::filesystem::path peer_watch_file;             ///< one peer a line; empty: none
    bool permanent_peer = false;
    std::string ring;               ///< name of the ring whose key is used; empty: none
    std::string ring_key;           ///< text of a key; it comes before the ones of `ring`
    std::filesystem::path key_dir;  ///< empty: the usual one
    bool strict = false;            ///< refuse to start unless the ring is strict
    /// Who this supervisor is in a strict ring, as enter_ring() found; null in any other.
    std::shared_ptr<const ring::StrictRing> identity = nullptr;
};

/// The address to bind. Throws usage for a name or a Unix socket.
[[nodiscard]] ring::Endpoint listen_address(const net::Endpoint& listen);
/// HOST[:PORT], 9638 if there is no port. Names are looked up, which may take a while. Throws usage
/// for what is no address, not_found for a name that has none.
[[nodiscard]] ring::Endpoint peer_address(std::string_view text);
/// The peers in a file, one a line; '#' begins a comment. Lines that are none are left out and said.
[[nodiscard]] std::vector<ring::Endpoint> peers_in(std::string_view text,
                                                   std::vector<std::string>& problems);
/// The key that seals first, then the one before it, which still opens: so a ring changes its key
/// while it runs. Throws crypto if the ring has no key here.
[[nodiscard]] ring::Seal seal_of(const RingSettings& settings, const crypto::KeyCache& keys);

/// In a strict ring: this supervisor's identity, after which MEMBER_ID is named; else null. Errors as
/// seal_of() and gossip::enter_strictly().
[[nodiscard]] std::shared_ptr<const ring::StrictRing> enter_ring(const RingSettings& settings,
                                                                 const Paths& paths, WallTime now);

}  // namespace hab::supervisor
