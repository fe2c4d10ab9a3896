// SPDX-License-Identifier: Apache-2.0
// Wire form of what clients send.
#include "control/wire.hpp"

namespace hab::control {

using namespace wire;

namespace {

/// SvcUnload and SvcStop have the same fields.
template <typename Message>
std::string write_stop(const Message& message) {
    std::string body;
    pbf_writer out(body);
    write_ident(out, 1, message.ident);
    if (message.timeout) out.add_uint32(3, *message.timeout);
    return body;
}

template <typename Message>
Message read_stop(std::string_view body) {
    Message message;
    read_fields(body, Message::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.ident = read_ident(bytes(reader));
                break;
            case 3:
                message.timeout = number32(reader);
                break;
            default:
                reader.skip();
        }
    });
    if (message.ident.name.empty()) missing(Message::id, "ident");
    return message;
}

std::string write_ident_only(const package::Ident& ident) {
    std::string body;
    pbf_writer out(body);
    write_ident(out, 1, ident);
    return body;
}

std::optional<package::Ident> read_ident_only(std::string_view body, std::string_view message) {
    std::optional<package::Ident> ident;
    read_fields(body, message, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            ident = read_ident(bytes(reader));
        } else {
            reader.skip();
        }
    });
    return ident;
}

template <typename Message>
Message require_ident_only(std::string_view body) {
    auto ident = read_ident_only(body, Message::id);
    if (!ident) missing(Message::id, "ident");
    return Message{std::move(*ident)};
}

}  // namespace

std::string to_wire(const Handshake& message) {
    std::string body;
    pbf_writer(body).add_string(1, message.secret_key);
    return body;
}

template <>
Handshake from_wire<Handshake>(std::string_view body) {
    Handshake message;
    read_fields(body, Handshake::id, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            message.secret_key = text(reader);
        } else {
            reader.skip();
        }
    });
    return message;
}

std::string to_wire(const SvcLoad& message) {
    std::string body;
    pbf_writer out(body);
    write_ident(out, 1, message.ident);
    if (message.force) out.add_bool(9, true);
    write_settings(out, load_fields, message.settings);
    return body;
}

template <>
SvcLoad from_wire<SvcLoad>(std::string_view body) {
    SvcLoad message;
    read_fields(body, SvcLoad::id, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            message.ident = read_ident(bytes(reader));
        } else if (reader.tag() == 9) {
            message.force = boolean(reader);
        } else if (!read_setting(reader, load_fields, message.settings)) {
            reader.skip();
        }
    });
    if (message.ident.name.empty()) missing(SvcLoad::id, "ident");
    return message;
}

std::string to_wire(const SvcUpdate& message) {
    std::string body;
    pbf_writer out(body);
    write_ident(out, 1, message.ident);
    write_settings(out, update_fields, message.settings);
    return body;
}

template <>
SvcUpdate from_wire<SvcUpdate>(std::string_view body) {
    SvcUpdate message;
    read_fields(body, SvcUpdate::id, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            message.ident = read_ident(bytes(reader));
        } else if (!read_setting(reader, update_fields, message.settings)) {
            reader.skip();
        }
    });
    if (message.ident.name.empty()) missing(SvcUpdate::id, "ident");
    return message;
}

std::string to_wire(const SvcUnload& message) {
    return write_stop(message);
}
std::string to_wire(const SvcStop& message) {
    return write_stop(message);
}
std::string to_wire(const SvcStart& message) {
    return write_ident_only(message.ident);
}
std::string to_wire(const SvcStatus& message) {
    return message.ident ? write_ident_only(*message.ident) : std::string();
}
std::string to_wire(const SvcGetDefaultCfg& message) {
    return write_ident_only(message.ident);
}
std::string to_wire(const SupRestart&) {
    return {};
}

template <>
SvcUnload from_wire<SvcUnload>(std::string_view body) {
    return read_stop<SvcUnload>(body);
}
template <>
SvcStop from_wire<SvcStop>(std::string_view body) {
    return read_stop<SvcStop>(body);
}
template <>
SvcStart from_wire<SvcStart>(std::string_view body) {
    return require_ident_only<SvcStart>(body);
}
template <>
SvcStatus from_wire<SvcStatus>(std::string_view body) {
    return {read_ident_only(body, SvcStatus::id)};
}
template <>
SvcGetDefaultCfg from_wire<SvcGetDefaultCfg>(std::string_view body) {
    return require_ident_only<SvcGetDefaultCfg>(body);
}

std::string to_wire(const LogFollow& message) {
    std::string body;
    if (!message.service.empty()) pbf_writer(body).add_string(1, message.service);
    return body;
}

template <>
LogFollow from_wire<LogFollow>(std::string_view body) {
    LogFollow message;
    read_fields(body, LogFollow::id, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            message.service = text(reader);
        } else {
            reader.skip();
        }
    });
    return message;
}

std::string to_wire(const Query& message) {
    std::string body;
    pbf_writer out(body);
    out.add_string(1, message.what);
    out.add_string(2, message.service);
    if (message.limit != 0) out.add_uint32(3, message.limit);
    return body;
}

template <>
Query from_wire<Query>(std::string_view body) {
    Query message;
    read_fields(body, Query::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.what = text(reader);
                break;
            case 2:
                message.service = text(reader);
                break;
            case 3:
                message.limit = number32(reader);
                break;
            default:
                reader.skip();
        }
    });
    if (message.what.empty()) missing(Query::id, "what");
    return message;
}

}  // namespace hab::control
