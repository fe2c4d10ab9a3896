// SPDX-License-Identifier: Apache-2.0
// What operators ask of the ring.
#include <fmt/format.h>

#include "base/error.hpp"
#include "config/toml.hpp"
#include "crypto/box_message.hpp"
#include "ring/codec/codec.hpp"
#include "supervisor/ring/ring_membership.hpp"
#include "supervisor/service_group.hpp"

namespace hab::supervisor {
namespace {

std::string checked_group_of(const std::string& text) {
    const std::string group = ServiceGroup::parse(text).to_string();
    if (ring::checked_group(group).empty()) {
        throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no service group", text),
                    "write it as SERVICE.GROUP, for example redis.default");
    }
    return group;
}

void check_size(std::string_view what, std::size_t size) {
    if (size <= most_ring_body) return;
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("{} has {} bytes, but the ring takes at most {}", what, size, most_ring_body),
        "give members large files in a package, or let them fetch them");
}

void check_above(std::string_view what, std::uint64_t version,
                 const std::optional<std::uint64_t>& current) {
    if (version > most_ring_version) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("version {} of {} is above the largest one, {}", version, what,
                                most_ring_version),
                    "many take the time, $(date +%s)");
    }
    if (!current || version > *current) return;
    throw Error(
        ErrorCode::conflict,
        fmt::format("version {} of {} is not above the one in force, {}", version, what, *current),
        fmt::format("give a version above {}; many take the time, $(date +%s)", *current));
}

}  // namespace

void RingMembership::refuse_while_ending() const {
    if (!ending_) return;
    throw Error(ErrorCode::conflict, "the supervisor is ending: it tells the ring nothing more",
                "try again when it has started anew");
}

std::optional<std::uint64_t> RingMembership::version_of(const ring::RumorKey& key) const {
    const auto* const held = node().rumors().find(key);
    return held == nullptr ? std::nullopt : std::optional(held->version);
}

std::optional<std::uint64_t> RingMembership::config_version(const std::string& group) const {
    return version_of({ring::RumorKind::service_config, group, {}, {}});
}

std::optional<std::uint64_t> RingMembership::file_version(const std::string& group,
                                                          const std::string& name) const {
    return version_of({ring::RumorKind::service_file, group, {}, name});
}

void RingMembership::apply_config(const GroupConfig& config) {
    refuse_while_ending();
    const std::string group = checked_group_of(config.group);
    const std::string what = fmt::format("the configuration of {}", group);
    check_size(what, config.text.size());
    if (config.encrypted) {
        (void)crypto::parse_box(config.text, what);
    } else {
        (void)config::parse_toml(config.text, what);
    }
    check_above(what, config.version, config_version(group));
    inject({ring::RumorKind::service_config, ring::client_injector,
            ring::ConfigRumor{group, config.version, config.encrypted, config.text}});
    say(fmt::format("Configuration version {} of {} was given to the ring", config.version, group));
}

void RingMembership::put_file(const GroupFile& file) {
    refuse_while_ending();
    const std::string group = checked_group_of(file.group);
    if (!may_be_file(file.name)) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("'{}' is no name for a file of a service", file.name),
                    "give a plain file name, without directories");
    }
    const std::string what = fmt::format("the file '{}' of {}", file.name, group);
    check_size(what, file.body.size());
    if (file.encrypted) (void)crypto::parse_box(file.body, what);
    const auto current = file_version(group, file.name);
    check_above(what, file.version, current);
    if (!current && files(group).size() >= most_group_files) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("{} has {} files already, and more are not taken", group, most_group_files),
            "give members many files in a package");
    }
    inject({ring::RumorKind::service_file, ring::client_injector,
            ring::FileRumor{group, file.version, file.encrypted, file.name, file.body}});
    say(fmt::format("Version {} of {} was given to the ring", file.version, what));
}

void RingMembership::depart(std::string_view member) {
    refuse_while_ending();
    const auto id = ring::MemberId::parse(member);
    if (!id) {
        throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no member id", member),
                    "it has 32 hex digits; `hab ring status` lists the members");
    }
    if (*id != id_ && !node().members().find(*id)) {
        throw Error(ErrorCode::not_found, fmt::format("the ring has no member {}", member),
                    "`hab ring status` lists the members");
    }
    inject({ring::RumorKind::departure, ring::client_injector, ring::DepartureRumor{*id}});
    say(fmt::format("Member {} was sent away from the ring", member));
}

}  // namespace hab::supervisor
