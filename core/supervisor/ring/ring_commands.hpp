// SPDX-License-Identifier: Apache-2.0
// What operators may ask of the ring through a gateway of this supervisor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hab::supervisor {

/// Largest body of a configuration or file, as upstream's command line and gateway have it.
inline constexpr std::size_t most_ring_body = 64 * 1024;
/// Files of one group; those whose names come after them are not taken over.
inline constexpr std::size_t most_group_files = 1024;
/// Largest version that every reader of our JSON and events can hold.
inline constexpr std::uint64_t most_ring_version = (std::uint64_t{1} << 63) - 1;

/// A configuration (or file) that an operator gives to all members of a service group.
struct GroupConfig {
    std::string group;  ///< "redis.default[@org]"
    std::uint64_t version = 0;
    std::string text;        ///< TOML, or a BOX-1 text
    bool encrypted = false;  ///< then `text` is a BOX-1 text
};
struct GroupFile {
    std::string group;
    std::uint64_t version = 0;
    std::string name;  ///< of a file in /hab/svc/SERVICE/files: no directories
    std::string body;
    bool encrypted = false;
};

/// Loop only. What is accepted is in the ring's state of this node when the call returns; that it
/// reached the others, nobody can tell. Services of this supervisor take it up afterwards on the
/// loop; what they make of it comes as events.
///
/// Errors: invalid_input for a group, file name, TOML or BOX-1 text that is none, for a body over
/// most_ring_body, a version over most_ring_version and a file beyond most_group_files; conflict for
/// a version that is not above the current one (the sentence names that one) and while the
/// supervisor is ending.
class RingCommands {
public:
    virtual ~RingCommands() = default;
    /// Replaces the group's whole configuration layer.
    virtual void apply_config(const GroupConfig& config) = 0;
    virtual void put_file(const GroupFile& file) = 0;
    /// Sends a member away for good. not_found for one that this node has never heard of,
    /// invalid_input for what is no member id (32 hex digits).
    virtual void depart(std::string_view member) = 0;
    /// What is in force now; nothing before the first.
    [[nodiscard]] virtual std::optional<std::uint64_t> config_version(
        const std::string& group) const = 0;
    [[nodiscard]] virtual std::optional<std::uint64_t> file_version(
        const std::string& group, const std::string& name) const = 0;
    /// What `hab ring status` shows, as JSON text. docs/guide/ring.md describes it.
    [[nodiscard]] virtual std::string status_json() const = 0;
};

}  // namespace hab::supervisor
