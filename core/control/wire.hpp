// SPDX-License-Identifier: Apache-2.0
// Shared pieces of the message codec. Only the files of this room include it.
#pragma once

#include <fmt/format.h>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "control/messages.hpp"

namespace hab::control::wire {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::pbf_writer;

/// Runs `body` over the fields of a message and turns protozero's exceptions into
/// Error(invalid_input).
template <typename Body>
void read_fields(std::string_view bytes, std::string_view message, Body&& body) {
    try {
        pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next())
            body(reader);
    } catch (const protozero::exception& error) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot read the control message {}: {}", message, error.what()),
                    "Use a hab of the same version as the supervisor.");
    }
}

[[noreturn]] inline void missing(std::string_view message, std::string_view field) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("cannot use the control message {}: its field '{}' is missing", message, field),
        "Use a hab of the same version as the supervisor.");
}

// protozero checks the wire type only in debug builds; a wrong one must not be taken for another
// value.
template <pbf_wire_type type>
void expect(const pbf_reader& reader) {
    if (reader.wire_type() != type) throw protozero::unknown_pbf_wire_type_exception();
}
[[nodiscard]] inline std::string text(pbf_reader& reader) {
    expect<pbf_wire_type::length_delimited>(reader);
    return reader.get_string();
}
[[nodiscard]] inline std::string_view bytes(pbf_reader& reader) {
    expect<pbf_wire_type::length_delimited>(reader);
    const auto view = reader.get_view();
    return {view.data(), view.size()};
}
[[nodiscard]] inline std::uint64_t number(pbf_reader& reader) {
    expect<pbf_wire_type::varint>(reader);
    return reader.get_uint64();
}
[[nodiscard]] inline std::uint32_t number32(pbf_reader& reader) {
    const std::uint64_t value = number(reader);
    if (value > 0xffffffffu) throw protozero::varint_too_long_exception();
    return static_cast<std::uint32_t>(value);
}
[[nodiscard]] inline bool boolean(pbf_reader& reader) {
    return number(reader) != 0;
}

/// A word of the command line and its number on the wire.
struct Word {
    std::string_view text;
    std::int32_t number;
};
inline constexpr Word topologies[] = {{"standalone", 0}, {"leader", 1}};
inline constexpr Word strategies[] = {{"none", 0}, {"at-once", 1}, {"rolling", 2}};
inline constexpr Word conditions[] = {{"latest", 0}, {"track-channel", 1}};
inline constexpr Word cfg_formats[] = {{"toml", 0}};
inline constexpr Word binding_modes[] = {{"relaxed", 0}, {"strict", 1}};

[[nodiscard]] const Word* find_word(std::span<const Word> words, std::string_view text) noexcept;
[[nodiscard]] std::string word_of(std::span<const Word> words, std::uint64_t number,
                                  std::string_view what);

void write_ident(pbf_writer& out, std::uint32_t field, const package::Ident& ident);
[[nodiscard]] package::Ident read_ident(std::string_view body);
void write_group(pbf_writer& out, std::uint32_t field, const Group& group);
[[nodiscard]] Group read_group(std::string_view body);

/// Field numbers of the settings, which differ between SvcLoad and SvcUpdate.
struct SettingFields {
    std::uint32_t binds, binding_mode, bldr_url, channel, config_from, group, topology,
        update_strategy, update_condition, health_check_interval, shutdown_timeout;
};
inline constexpr std::uint32_t own_topology = 100;
inline constexpr std::uint32_t own_name = 101;
inline constexpr std::uint32_t own_limits = 102;
inline constexpr SettingFields load_fields{3, 14, 6, 7, 8, 10, 12, 13, 17, 15, 16};
/// 0: the message has no such field.
inline constexpr SettingFields update_fields{2, 3, 4, 5, 0, 6, 8, 9, 12, 10, 11};

void write_settings(pbf_writer& out, const SettingFields& fields, const Settings& settings);
/// False if the current field is none of the settings.
bool read_setting(pbf_reader& reader, const SettingFields& fields, Settings& settings);

}  // namespace hab::control::wire
