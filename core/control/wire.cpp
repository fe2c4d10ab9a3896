// SPDX-License-Identifier: Apache-2.0
#include "control/wire.hpp"

namespace hab::control::wire {

namespace {

/// Nobody has more; keeps a hostile message from making a large vector of small strings.
constexpr std::size_t max_binds = 256;
constexpr std::size_t max_limits = 16;

void write_text(pbf_writer& out, std::uint32_t field, const std::optional<std::string>& value) {
    if (value && field != 0) out.add_string(field, *value);
}

void write_word(pbf_writer& out, std::uint32_t field, std::span<const Word> words,
                const std::optional<std::string>& value, std::string_view what) {
    if (!value) return;
    const Word* const word = find_word(words, *value);
    if (word == nullptr) {
        std::string known;
        for (const Word& one : words)
            known += fmt::format("{}{}", known.empty() ? "" : ", ", one.text);
        throw Error(ErrorCode::usage, fmt::format("'{}' is not a {}", *value, what),
                    fmt::format("Use one of: {}.", known));
    }
    out.add_enum(field, word->number);
}

void write_binds(pbf_writer& out, std::uint32_t field, const std::vector<Bind>& binds) {
    std::string list;
    pbf_writer list_writer(list);
    for (const Bind& bind : binds) {
        std::string one;
        pbf_writer writer(one);
        writer.add_string(1, bind.name);
        write_group(writer, 2, bind.group);
        list_writer.add_message(1, one);
    }
    out.add_message(field, list);
}

Bind read_bind(std::string_view body) {
    Bind bind;
    read_fields(body, "ServiceBind", [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                bind.name = text(reader);
                break;
            case 2:
                bind.group = read_group(bytes(reader));
                break;
            default:
                reader.skip();
        }
    });
    if (bind.name.empty()) missing("ServiceBind", "name");
    if (bind.group.service.empty()) missing("ServiceBind", "service_group");
    return bind;
}

std::vector<Bind> read_binds(std::string_view body) {
    std::vector<Bind> binds;
    read_fields(body, "ServiceBindList", [&](pbf_reader& reader) {
        if (reader.tag() != 1) {
            reader.skip();
            return;
        }
        binds.push_back(read_bind(bytes(reader)));
        if (binds.size() > max_binds) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("a service cannot have more than {} binds", max_binds));
        }
    });
    return binds;
}

std::uint64_t read_interval(std::string_view body) {
    std::uint64_t seconds = 0;
    read_fields(body, "HealthCheckInterval", [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            seconds = number(reader);
        } else {
            reader.skip();
        }
    });
    return seconds;
}

}  // namespace

const Word* find_word(std::span<const Word> words, std::string_view text) noexcept {
    for (const Word& word : words) {
        if (word.text == text) return &word;
    }
    return nullptr;
}

std::string word_of(std::span<const Word> words, std::uint64_t number, std::string_view what) {
    for (const Word& word : words) {
        if (static_cast<std::uint64_t>(word.number) == number) return std::string(word.text);
    }
    throw Error(ErrorCode::invalid_input, fmt::format("{} is not the number of a {}", number, what),
                "Use a hab of the same version as the supervisor.");
}

void write_ident(pbf_writer& out, std::uint32_t field, const package::Ident& ident) {
    std::string body;
    pbf_writer writer(body);
    writer.add_string(1, ident.origin);
    writer.add_string(2, ident.name);
    if (!ident.version.empty()) writer.add_string(3, ident.version);
    if (!ident.release.empty()) writer.add_string(4, ident.release);
    out.add_message(field, body);
}

package::Ident read_ident(std::string_view body) {
    package::Ident ident;
    read_fields(body, "PackageIdent", [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                ident.origin = text(reader);
                break;
            case 2:
                ident.name = text(reader);
                break;
            case 3:
                ident.version = text(reader);
                break;
            case 4:
                ident.release = text(reader);
                break;
            default:
                reader.skip();
        }
    });
    if (ident.origin.empty()) missing("PackageIdent", "origin");
    if (ident.name.empty()) missing("PackageIdent", "name");
    // Parts become paths: they must pass the same test as an ident from the command line.
    const auto checked = package::Ident::try_parse(ident.to_string());
    if (!checked || !(*checked == ident)) {
        throw Error(ErrorCode::invalid_input,
                    "cannot use the package identifier in a control message: its parts are not "
                    "those of origin/name/version/release");
    }
    return ident;
}

void write_group(pbf_writer& out, std::uint32_t field, const Group& group) {
    std::string body;
    pbf_writer writer(body);
    writer.add_string(1, group.service);
    writer.add_string(2, group.group);
    if (!group.organization.empty()) writer.add_string(4, group.organization);
    out.add_message(field, body);
}

Group read_group(std::string_view body) {
    Group group;
    read_fields(body, "ServiceGroup", [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                group.service = text(reader);
                break;
            case 2:
                group.group = text(reader);
                break;
            case 4:
                group.organization = text(reader);
                break;
            default:
                reader.skip();
        }
    });
    if (group.service.empty()) missing("ServiceGroup", "service");
    if (group.group.empty()) missing("ServiceGroup", "group");
    return group;
}

void write_settings(pbf_writer& out, const SettingFields& fields, const Settings& settings) {
    if (settings.binds) write_binds(out, fields.binds, *settings.binds);
    write_text(out, own_name, settings.name);
    write_text(out, fields.bldr_url, settings.bldr_url);
    write_text(out, fields.channel, settings.channel);
    write_text(out, fields.config_from, settings.config_from);
    write_text(out, fields.group, settings.group);
    if (settings.topology) {
        if (const Word* const word = find_word(topologies, *settings.topology)) {
            out.add_enum(fields.topology, word->number);
        } else {
            out.add_string(own_topology, *settings.topology);
        }
    }
    write_word(out, fields.update_strategy, strategies, settings.update_strategy,
               "update strategy");
    write_word(out, fields.update_condition, conditions, settings.update_condition,
               "update condition");
    write_word(out, fields.binding_mode, binding_modes, settings.binding_mode, "binding mode");
    if (settings.health_check_interval) {
        std::string body;
        pbf_writer(body).add_uint64(1, *settings.health_check_interval);
        out.add_message(fields.health_check_interval, body);
    }
    if (settings.shutdown_timeout)
        out.add_uint32(fields.shutdown_timeout, *settings.shutdown_timeout);
    for (const std::string& limit : settings.limits)
        out.add_string(own_limits, limit);
}

bool read_setting(pbf_reader& reader, const SettingFields& fields, Settings& settings) {
    const std::uint32_t tag = reader.tag();
    if (tag == fields.binds) {
        settings.binds = read_binds(bytes(reader));
    } else if (tag == fields.bldr_url) {
        settings.bldr_url = text(reader);
    } else if (tag == fields.channel) {
        settings.channel = text(reader);
    } else if (fields.config_from != 0 && tag == fields.config_from) {
        settings.config_from = text(reader);
    } else if (tag == fields.group) {
        settings.group = text(reader);
    } else if (tag == fields.topology) {
        settings.topology = word_of(topologies, number(reader), "topology");
    } else if (tag == own_topology) {
        settings.topology = text(reader);
    } else if (tag == own_name) {
        settings.name = text(reader);
    } else if (tag == own_limits) {
        settings.limits.push_back(text(reader));
        if (settings.limits.size() > max_limits) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("a service cannot have more than {} limits", max_limits));
        }
    } else if (tag == fields.update_strategy) {
        settings.update_strategy = word_of(strategies, number(reader), "update strategy");
    } else if (tag == fields.update_condition) {
        settings.update_condition = word_of(conditions, number(reader), "update condition");
    } else if (tag == fields.binding_mode) {
        settings.binding_mode = word_of(binding_modes, number(reader), "binding mode");
    } else if (tag == fields.health_check_interval) {
        settings.health_check_interval = read_interval(bytes(reader));
    } else if (tag == fields.shutdown_timeout) {
        settings.shutdown_timeout = number32(reader);
    } else {
        return false;
    }
    return true;
}

}  // namespace hab::control::wire
