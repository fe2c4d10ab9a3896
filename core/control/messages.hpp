// SPDX-License-Identifier: Apache-2.0
// Messages of the control gateway as plain structs. Wire form: protobuf (proto2), field numbers in
// docs/formats/control-protocol.md. Own messages and fields begin with "X-" or have numbers from
// 100 on; upstream ignores unknown fields and answers unknown messages with an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "package/ident.hpp"

namespace hab::control {

/// "service.group[@organization]".
struct Group {
    std::string service;
    std::string group;
    std::string organization;  ///< empty: none
    bool operator==(const Group&) const = default;
};

struct Bind {
    std::string name;
    Group group;
    bool operator==(const Bind&) const = default;
};

/// What load and update have in common; what is empty is not on the wire. The words are those of
/// the command line ("at-once", "strict"); encoding throws Error(usage) for a word that the wire
/// lacks.
struct Settings {
    std::optional<std::string>
        name;  ///< own, field 101 of SvcLoad: another name than the package's
    std::optional<std::vector<Bind>> binds;
    std::optional<std::string> bldr_url, channel, config_from, group;
    std::optional<std::string> topology;  ///< others than standalone and leader travel in field 100
    std::optional<std::string> update_strategy, update_condition, binding_mode;
    std::optional<std::uint64_t> health_check_interval;  ///< seconds
    std::optional<std::uint32_t> shutdown_timeout;       ///< seconds
    std::vector<std::string> limits;  ///< own, field 102 of load and update: "memory=512M"
    bool operator==(const Settings&) const = default;
};

struct Handshake {
    static constexpr std::string_view id = "Handshake";
    std::string secret_key;
};
struct SvcLoad {
    static constexpr std::string_view id = "SvcLoad";
    package::Ident ident;
    bool force = false;
    Settings settings;
};
struct SvcUpdate {
    static constexpr std::string_view id = "SvcUpdate";
    package::Ident ident;
    Settings settings;
};
struct SvcUnload {
    static constexpr std::string_view id = "SvcUnload";
    package::Ident ident;
    std::optional<std::uint32_t> timeout;  ///< seconds
};
struct SvcStop {
    static constexpr std::string_view id = "SvcStop";
    package::Ident ident;
    std::optional<std::uint32_t> timeout;  ///< seconds
};
struct SvcStart {
    static constexpr std::string_view id = "SvcStart";
    package::Ident ident;
};
struct SvcStatus {
    static constexpr std::string_view id = "SvcStatus";
    std::optional<package::Ident> ident;
};
struct SvcGetDefaultCfg {
    static constexpr std::string_view id = "SvcGetDefaultCfg";
    package::Ident ident;
};
struct SupRestart {
    static constexpr std::string_view id = "SupRestart";
};
/// Asks whether a configuration would do; changes nothing.
struct SvcValidateCfg {
    static constexpr std::string_view id = "SvcValidateCfg";
    Group group;
    std::string cfg;  ///< TOML, the only format there is
};
/// Gives a configuration to all members of a group, for good; it takes the place of the last one.
struct SvcSetCfg {
    static constexpr std::string_view id = "SvcSetCfg";
    Group group;
    std::string cfg;  ///< TOML, or a BOX-1 text
    std::uint64_t version = 0;
    bool encrypted = false;
};
struct SvcFilePut {
    static constexpr std::string_view id = "SvcFilePut";
    Group group;
    std::string content;  ///< any bytes, or a BOX-1 text
    std::string filename;
    std::uint64_t version = 0;
    bool encrypted = false;
};
/// Sends a member of the ring away for good.
struct SupDepart {
    static constexpr std::string_view id = "SupDepart";
    std::string member_id;
};
/// Own: streams the supervisor's console as ConsoleLine until the client goes or the supervisor
/// ends.
struct LogFollow {
    static constexpr std::string_view id = "X-LogFollow";
    std::string service;  ///< only lines of this service and of the supervisor; empty: all
};

/// Own: asks for something that is told as JSON.
struct Query {
    static constexpr std::string_view id = "X-Query";
    std::string what;         ///< "why" or "config"
    std::string service;      ///< its name, its group or ORIGIN/NAME
    std::uint32_t limit = 0;  ///< of "why": how many chains; 0: as the supervisor likes
};

struct NetOk {
    static constexpr std::string_view id = "NetOk";
};
/// Upstream's numbers.
enum class NetErrCode : std::int32_t {
    internal = 0,
    io = 1,
    not_found = 2,
    conflict = 3,
    unauthorized = 4,
    not_supported = 5,
    bad_payload = 6,
    invalid_payload = 7,
    entity_too_large = 8,
    update_client = 9,
    tls_handshake_failed = 10,
};
struct NetErr {
    static constexpr std::string_view id = "NetErr";
    NetErrCode code = NetErrCode::internal;
    std::string message;
    std::string hint;  ///< own, field 100
};
struct ConsoleLine {
    static constexpr std::string_view id = "ConsoleLine";
    std::string line;   ///< printed as it is: line ends are part of it
    std::string color;  ///< may be empty
    bool bold = false;
};
struct NetProgress {
    static constexpr std::string_view id = "NetProgress";
    std::uint64_t total = 0;
    std::uint64_t position = 0;
};
struct ServiceStatus {
    static constexpr std::string_view id = "ServiceStatus";
    package::Ident ident;
    Group group;
    bool up = false;
    std::uint64_t elapsed = 0;         ///< seconds in this state
    std::optional<std::uint32_t> pid;  ///< of the running process
    bool desired_up = true;
    std::string phase;          ///< own, field 100: "backoff"; empty from upstream
    std::string reason;         ///< own, field 101: why it is not up
    std::string health;         ///< own, field 102: "OK"
    std::optional<bool> ready;  ///< own, field 103; empty from upstream
};
struct ServiceCfg {
    static constexpr std::string_view id = "ServiceCfg";
    std::string text;  ///< TOML
};
/// Own: the answer to a Query.
struct Answer {
    static constexpr std::string_view id = "X-Answer";
    std::string json;
};

// to_wire: the protobuf body. from_wire: throws Error(invalid_input) when the bytes are not that
// message, and Error(unsupported) when a required field is missing (an older or newer client).
[[nodiscard]] std::string to_wire(const Handshake& message);
[[nodiscard]] std::string to_wire(const SvcLoad& message);
[[nodiscard]] std::string to_wire(const SvcUpdate& message);
[[nodiscard]] std::string to_wire(const SvcUnload& message);
[[nodiscard]] std::string to_wire(const SvcStop& message);
[[nodiscard]] std::string to_wire(const SvcStart& message);
[[nodiscard]] std::string to_wire(const SvcStatus& message);
[[nodiscard]] std::string to_wire(const SvcGetDefaultCfg& message);
[[nodiscard]] std::string to_wire(const SupRestart& message);
[[nodiscard]] std::string to_wire(const SvcValidateCfg& message);
[[nodiscard]] std::string to_wire(const SvcSetCfg& message);
[[nodiscard]] std::string to_wire(const SvcFilePut& message);
[[nodiscard]] std::string to_wire(const SupDepart& message);
[[nodiscard]] std::string to_wire(const LogFollow& message);
[[nodiscard]] std::string to_wire(const Query& message);
[[nodiscard]] std::string to_wire(const Answer& message);
[[nodiscard]] std::string to_wire(const NetOk& message);
[[nodiscard]] std::string to_wire(const NetErr& message);
[[nodiscard]] std::string to_wire(const ConsoleLine& message);
[[nodiscard]] std::string to_wire(const NetProgress& message);
[[nodiscard]] std::string to_wire(const ServiceStatus& message);
[[nodiscard]] std::string to_wire(const ServiceCfg& message);

/// Defined for every message above except SupRestart and NetOk, which have no fields.
template <typename Message>
[[nodiscard]] Message from_wire(std::string_view body);

/// The code that tells a client best what an Error means, and back.
[[nodiscard]] NetErrCode to_net_code(ErrorCode code) noexcept;
[[nodiscard]] Error to_error(const NetErr& message);

}  // namespace hab::control
