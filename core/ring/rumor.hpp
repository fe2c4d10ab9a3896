// SPDX-License-Identifier: Apache-2.0
// Messages of the gossip stream. Texts and bytes are views: of a decoded message into the bytes it
// was decoded from, of one to be encoded into whatever its maker owns. A store keeps a rumor as its
// encoded bytes (they are passed on unchanged, so that unknown fields survive) and decodes on need.
// docs/formats/ring-protocol.md.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "ring/member.hpp"

namespace hab::ring {

/// Numbers of the wire. 6 and 7 exist upstream for tests and abort a stock receiver.
enum class RumorKind : std::uint8_t {
    member = 1,
    service = 2,
    election = 3,
    service_config = 4,
    service_file = 5,
    election_update = 8,
    departure = 9,
};

[[nodiscard]] std::string_view to_string(RumorKind kind) noexcept;

/// Where a supervisor and its gateways listen, and its machine's name.
struct SystemInfo {
    std::string_view ip;
    std::string_view hostname;
    std::string_view gossip_ip;  ///< the bind address, often 0.0.0.0; the Member has the real one
    std::uint32_t gossip_port = 0;
    std::string_view http_ip;
    std::uint32_t http_port = 0;
    std::string_view control_ip;
    std::uint32_t control_port = 0;
    bool operator==(const SystemInfo&) const = default;
};

struct ServiceRumor {
    MemberId member;
    std::string_view group;  ///< "service.group" or "service.group@organisation"
    std::uint64_t incarnation = 0;
    bool initialized = false;  ///< stock always says false
    std::string_view ident;    ///< full package identifier
    std::string_view config;   ///< TOML of the exported keys
    SystemInfo system;
    std::uint64_t package_incarnation = 0;
    /// Of ours only (an unknown field to stock): the service has stopped and is in its group no more.
    bool gone = false;
    bool operator==(const ServiceRumor&) const = default;
};

struct ConfigRumor {
    std::string_view group;
    std::uint64_t incarnation = 0;
    bool encrypted = false;   ///< then `config` is a BOX-1 text
    std::string_view config;  ///< TOML
    bool operator==(const ConfigRumor&) const = default;
};

struct FileRumor {
    std::string_view group;
    std::uint64_t incarnation = 0;
    bool encrypted = false;
    std::string_view filename;  ///< from the net: never join it to a path unchecked
    std::string_view body;
    bool operator==(const FileRumor&) const = default;
};

enum class ElectionStatus : std::uint8_t { running = 1, no_quorum = 2, finished = 3 };

/// Election and election update alike. On receipt the candidate is the envelope's `from`.
struct ElectionRumor {
    MemberId candidate;
    std::string_view group;
    std::uint64_t term = 0;
    std::uint64_t suitability = 0;
    ElectionStatus status = ElectionStatus::running;
    std::vector<MemberId> votes;  ///< in the order of the wire
    // In a strict ring: the candidate's proof of all but the votes, and one for each vote in order.
    std::string_view claim = {};
    std::vector<std::string_view> proofs = {};
    bool operator==(const ElectionRumor&) const = default;
};

struct DepartureRumor {
    MemberId member;
    bool operator==(const DepartureRumor&) const = default;
};

/// The envelope. The body's alternative belongs to the kind: Membership to member, ElectionRumor to
/// both elections, and so on; encoders refuse anything else.
struct Rumor {
    RumorKind kind = RumorKind::member;
    /// member: id of the node that sends. service, election: the subject's id. Others: who injected
    /// it, of stock nodes "butterflyclient".
    std::string_view from;
    std::variant<Membership, ServiceRumor, ConfigRumor, FileRumor, ElectionRumor, DepartureRumor>
        body;
    bool operator==(const Rumor&) const = default;
};

/// The little of a rumor that decides whether it is news. Views as above.
struct RumorHead {
    RumorKind kind = RumorKind::member;
    /// Service, config, file and elections: the group. Member: "". Departure: "departure".
    std::string_view key;
    /// Config: "service_config", file: its name, elections: "election"; others: "" (see `member`).
    std::string_view id;
    /// Member, service, departure: the subject; elections: the candidate.
    MemberId member;
    /// Incarnation, or the term of an election; 0 for departures.
    std::uint64_t version = 0;
    bool operator==(const RumorHead&) const = default;
};

/// The injector that stock's command line writes into configs, files and departures.
inline constexpr std::string_view client_injector = "butterflyclient";

}  // namespace hab::ring
