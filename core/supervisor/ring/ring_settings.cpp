// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ring/ring_settings.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "gossip/strict_entry.hpp"

namespace hab::supervisor {
namespace {

ring::IpAddress from_system(const addrinfo& info) {
    ring::IpAddress ip;
    if (info.ai_family == AF_INET) {
        const auto* const at = reinterpret_cast<const sockaddr_in*>(info.ai_addr);
        std::uint8_t parts[4];
        std::memcpy(parts, &at->sin_addr, sizeof parts);
        return ring::IpAddress::v4(parts[0], parts[1], parts[2], parts[3]);
    }
    const auto* const at = reinterpret_cast<const sockaddr_in6*>(info.ai_addr);
    std::memcpy(ip.bytes.data(), &at->sin6_addr, ip.bytes.size());
    return ip;
}

/// IPv4 first, since that is all that stock supervisors speak.
ring::IpAddress looked_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, [](addrinfo* list) {
        if (list != nullptr) ::freeaddrinfo(list);
    });
    const addrinfo* best = nullptr;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        const bool usable = one->ai_family == AF_INET || one->ai_family == AF_INET6;
        if (usable && (best == nullptr || one->ai_family < best->ai_family)) best = one;
    }
    if (failed != 0 || best == nullptr) {
        throw Error(ErrorCode::not_found,
                    fmt::format("cannot find the address of the peer {}: {}", host,
                                failed != 0 ? ::gai_strerror(failed) : "it has none"),
                    "name peers by their IP address, or look after the machine's resolver");
    }
    return from_system(*best);
}

}  // namespace

ring::Endpoint listen_address(const net::Endpoint& listen) {
    // "::" is no address in the ring's eyes: it stands for every one of this machine.
    const bool any = listen.host == "::" || listen.host == "0.0.0.0";
    const auto ip = listen.host == "::" ? ring::IpAddress{}
                    : any               ? ring::IpAddress::v4(0, 0, 0, 0)
                                        : ring::IpAddress::parse(listen.host);
    if (!listen.unix_path.empty() || !ip) {
        throw Error(
            ErrorCode::usage,
            fmt::format("'{}' is no address that the ring can listen on", listen.to_string()),
            "give an IP address and a port, for example 0.0.0.0:9638");
    }
    return {*ip, listen.port};
}

ring::Endpoint peer_address(std::string_view text) {
    const auto endpoint = net::Endpoint::parse(text, gossip_port, "--peer");
    if (!endpoint.unix_path.empty() || endpoint.port == 0) {
        throw Error(ErrorCode::usage, fmt::format("'{}' is no address of a peer", text),
                    "give its IP address, and its gossip port if that is not 9638");
    }
    const auto ip = ring::IpAddress::parse(endpoint.host);
    return {ip ? *ip : looked_up(endpoint.host), endpoint.port};
}

std::vector<ring::Endpoint> peers_in(std::string_view text, std::vector<std::string>& problems) {
    std::vector<ring::Endpoint> peers;
    for (std::string_view line : split(text, '\n')) {
        line = trim(line.substr(0, line.find('#')));
        if (line.empty()) continue;
        try {
            peers.push_back(peer_address(line));
        } catch (const Error& error) {
            problems.push_back(error.message());
        }
    }
    return peers;
}

ring::Seal seal_of(const RingSettings& settings, const crypto::KeyCache& keys) {
    std::vector<crypto::RingKey> live;
    const auto add = [&live](crypto::RingKey key) {
        const bool known = std::any_of(live.begin(), live.end(), [&](const crypto::RingKey& one) {
            return one.name() == key.name();
        });
        if (!known && live.size() < 2) live.push_back(std::move(key));
    };
    if (!settings.ring_key.empty())
        add(crypto::RingKey::from_text(settings.ring_key, "the ring key"));
    if (!settings.ring.empty()) {
        const auto exact = crypto::KeyName::parse(settings.ring);
        const std::string name = exact ? exact->name : settings.ring;
        if (exact) add(keys.ring_key(*exact));
        if (!exact && live.empty()) add(keys.latest_ring_key(name));
        auto revisions = keys.revisions(name, crypto::KeyKind::ring_secret);
        for (auto at = revisions.rbegin(); at != revisions.rend(); ++at)
            add(keys.ring_key(*at));
    }
    return live.empty() ? ring::Seal() : ring::Seal(std::move(live));
}

std::shared_ptr<const ring::StrictRing> enter_ring(const RingSettings& settings, const Paths& paths,
                                                   WallTime now) {
    const crypto::KeyCache keys = settings.key_dir.empty() ? crypto::KeyCache::from(paths)
                                                           : crypto::KeyCache(settings.key_dir);
    const ring::Seal seal = seal_of(settings, keys);
    auto identity = gossip::enter_strictly(seal, settings.strict, keys, paths.sup() / "data", now);
    if (identity == nullptr) return identity;
    const fs::path file = paths.sup() / "MEMBER_ID";
    const std::string id = identity->id().to_string();
    const auto before = read_file_if_exists(file, 4096);
    if (!before || trim(*before) != id) write_file_atomic(file, id, {});
    return identity;
}

}  // namespace hab::supervisor
