// SPDX-License-Identifier: Apache-2.0
#include "ring/state/rst.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

constexpr std::size_t word = 8;
constexpr char newest_version = 2;

/// Sections in the order of the file; the first holds bare Memberships, the others rumors.
struct Section {
    std::string_view name;
    RumorKind kind;
};
constexpr std::array sections = {
    Section{"member", RumorKind::member},
    Section{"service", RumorKind::service},
    Section{"service_config", RumorKind::service_config},
    Section{"service_file", RumorKind::service_file},
    Section{"election", RumorKind::election},
    Section{"election_update", RumorKind::election_update},
    Section{"departure", RumorKind::departure},  // since version 2
};

[[noreturn]] void refuse(std::string_view what, const std::string& why) {
    throw Error(ErrorCode::invalid_input, fmt::format("cannot read {}: {}", what, why),
                "stop the supervisor that writes the file and copy it again; without it the "
                "supervisor learns the ring's state from its peers");
}

std::uint64_t read_word(std::string_view bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < word; ++i)
        value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
}

void append_word(std::string& out, std::uint64_t value) {
    for (std::size_t i = 0; i < word; ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

void append_record(std::string& out, std::string_view bytes) {
    append_word(out, bytes.size());
    out.append(bytes);
}

/// Why a record does not belong into a section; "" if it does.
std::string mistake_in(std::string_view bytes, const Section& section) {
    Refusal refusal = Refusal::none;
    if (section.kind == RumorKind::member) {
        Membership membership;
        refusal = decode_membership(bytes, membership);
    } else {
        Rumor rumor;
        refusal = decode_rumor(bytes, rumor);
        if (refusal == Refusal::none && rumor.kind != section.kind)
            return fmt::format("is a rumor of the kind {}", to_string(rumor.kind));
    }
    if (refusal == Refusal::none) return {};
    return fmt::format("cannot be decoded: {}", to_string(refusal));
}

void read_section(std::string_view bytes, const Section& section, std::string_view what,
                  std::vector<StateRecord>& out) {
    std::size_t number = 0;
    while (!bytes.empty()) {
        ++number;
        const std::uint64_t size = bytes.size() < word ? bytes.size() : read_word(bytes);
        if (bytes.size() < word || size > bytes.size() - word) {
            refuse(what,
                   fmt::format("record {} of its section '{}' is cut short", number, section.name));
        }
        const std::string_view record = bytes.substr(word, static_cast<std::size_t>(size));
        if (const std::string mistake = mistake_in(record, section); !mistake.empty()) {
            refuse(what,
                   fmt::format("record {} of its section '{}' {}", number, section.name, mistake));
        }
        const bool member = section.kind == RumorKind::member;
        out.push_back({.kind = member ? StateKind::membership : StateKind::rumor,
                       .bytes = std::string(record)});
        bytes.remove_prefix(word + record.size());
    }
}

/// Lengths of the sections; takes the header off `bytes`.
std::vector<std::uint64_t> read_header(std::string_view& bytes, std::string_view what) {
    if (bytes.empty()) refuse(what, "it is empty");
    const char version = bytes.front();
    if (version != 1 && version != newest_version) {
        refuse(what, fmt::format("it says to be of version {}, and only 1 and 2 are known",
                                 static_cast<unsigned char>(version)));
    }
    bytes.remove_prefix(1);
    const bool newest = version == newest_version;
    const std::size_t count = newest ? sections.size() : sections.size() - 1;
    const std::size_t words = newest ? count + 1 : count;
    if (bytes.size() < words * word) refuse(what, "its header is cut short");
    if (newest && read_word(bytes) != words * word) {
        refuse(what, fmt::format("its header says to have {} bytes instead of {}", read_word(bytes),
                                 words * word));
    }
    std::vector<std::uint64_t> lengths;
    for (std::size_t i = words - count; i < words; ++i)
        lengths.push_back(read_word(bytes.substr(i * word)));
    bytes.remove_prefix(words * word);
    return lengths;
}

}  // namespace

std::vector<StateRecord> read_rst(std::string_view bytes, std::string_view what) {
    std::vector<StateRecord> records;
    const std::vector<std::uint64_t> lengths = read_header(bytes, what);
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (lengths[i] > bytes.size())
            refuse(what, fmt::format("its section '{}' is cut short", sections[i].name));
        const auto length = static_cast<std::size_t>(lengths[i]);
        read_section(bytes.substr(0, length), sections[i], what, records);
        bytes.remove_prefix(length);
    }
    if (!bytes.empty()) refuse(what, fmt::format("{} bytes follow its last section", bytes.size()));
    return records;
}

std::string write_rst(std::span<const StateRecord> records) {
    std::array<std::string, sections.size()> bodies;
    for (const StateRecord& record : records) {
        RumorHead head;
        if (record.kind == StateKind::rumor) {
            if (decode_rumor_head(record.bytes, head) != Refusal::none)
                throw Error(ErrorCode::bug, "a rumor that is none was to be written to a file");
        } else if (record.kind != StateKind::membership) {
            continue;
        }
        for (std::size_t i = 0; i < sections.size(); ++i) {
            if (sections[i].kind == head.kind) append_record(bodies[i], record.bytes);
        }
    }
    std::string out(1, newest_version);
    append_word(out, (sections.size() + 1) * word);
    for (const std::string& body : bodies)
        append_word(out, body.size());
    for (const std::string& body : bodies)
        out += body;
    return out;
}

}  // namespace hab::ring
