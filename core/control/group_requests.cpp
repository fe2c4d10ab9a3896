// SPDX-License-Identifier: Apache-2.0
// Wire form of what is asked for a whole service group, and of the ring.
#include "control/wire.hpp"

namespace hab::control {

using namespace wire;

namespace {

/// Which fields a body had. Zero and empty are values that count; a field that is not there does not.
struct Seen {
    bool group = false, text = false, version = false;
};

void require(std::string_view message, const Seen& seen, std::string_view text_field) {
    if (!seen.group) missing(message, "service_group");
    if (!seen.text) missing(message, text_field);
    if (!seen.version) missing(message, "version");
}

}  // namespace

std::string to_wire(const SvcValidateCfg& message) {
    std::string body;
    pbf_writer out(body);
    write_group(out, 1, message.group);
    out.add_enum(2, 0);
    out.add_bytes(3, message.cfg);
    return body;
}

template <>
SvcValidateCfg from_wire<SvcValidateCfg>(std::string_view body) {
    SvcValidateCfg message;
    Seen seen;
    seen.version = true;
    read_fields(body, SvcValidateCfg::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.group = read_group(bytes(reader));
                seen.group = true;
                break;
            case 2:
                (void)word_of(cfg_formats, number(reader), "configuration format");
                break;
            case 3:
                message.cfg = bytes(reader);
                seen.text = true;
                break;
            default:
                reader.skip();
        }
    });
    require(SvcValidateCfg::id, seen, "cfg");
    return message;
}

std::string to_wire(const SvcSetCfg& message) {
    std::string body;
    pbf_writer out(body);
    write_group(out, 1, message.group);
    out.add_bytes(2, message.cfg);
    out.add_uint64(3, message.version);
    if (message.encrypted) out.add_bool(4, true);
    return body;
}

template <>
SvcSetCfg from_wire<SvcSetCfg>(std::string_view body) {
    SvcSetCfg message;
    Seen seen;
    read_fields(body, SvcSetCfg::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.group = read_group(bytes(reader));
                seen.group = true;
                break;
            case 2:
                message.cfg = bytes(reader);
                seen.text = true;
                break;
            case 3:
                message.version = number(reader);
                seen.version = true;
                break;
            case 4:
                message.encrypted = boolean(reader);
                break;
            default:
                reader.skip();
        }
    });
    require(SvcSetCfg::id, seen, "cfg");
    return message;
}

std::string to_wire(const SvcFilePut& message) {
    std::string body;
    pbf_writer out(body);
    write_group(out, 1, message.group);
    out.add_bytes(2, message.content);
    out.add_string(3, message.filename);
    out.add_uint64(4, message.version);
    if (message.encrypted) out.add_bool(5, true);
    return body;
}

template <>
SvcFilePut from_wire<SvcFilePut>(std::string_view body) {
    SvcFilePut message;
    Seen seen;
    read_fields(body, SvcFilePut::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.group = read_group(bytes(reader));
                seen.group = true;
                break;
            case 2:
                message.content = bytes(reader);
                seen.text = true;
                break;
            case 3:
                message.filename = text(reader);
                break;
            case 4:
                message.version = number(reader);
                seen.version = true;
                break;
            case 5:
                message.encrypted = boolean(reader);
                break;
            default:
                reader.skip();
        }
    });
    require(SvcFilePut::id, seen, "content");
    if (message.filename.empty()) missing(SvcFilePut::id, "filename");
    return message;
}

std::string to_wire(const SupDepart& message) {
    std::string body;
    pbf_writer(body).add_string(1, message.member_id);
    return body;
}

template <>
SupDepart from_wire<SupDepart>(std::string_view body) {
    SupDepart message;
    read_fields(body, SupDepart::id, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            message.member_id = text(reader);
        } else {
            reader.skip();
        }
    });
    if (message.member_id.empty()) missing(SupDepart::id, "member_id");
    return message;
}

}  // namespace hab::control
