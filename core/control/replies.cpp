// SPDX-License-Identifier: Apache-2.0
// Wire form of what the supervisor answers.
#include "control/wire.hpp"

namespace hab::control {

using namespace wire;

namespace {

struct Process {
    std::optional<std::uint64_t> elapsed;
    std::optional<std::uint32_t> pid;
    bool up = false;
};

Process read_process(std::string_view body) {
    Process process;
    read_fields(body, "ProcessStatus", [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                process.elapsed = number(reader);
                break;
            case 2:
                process.pid = number32(reader);
                break;
            case 3:
                process.up = number(reader) == 1;
                break;
            default:
                reader.skip();
        }
    });
    return process;
}

}  // namespace

std::string to_wire(const NetOk&) {
    return {};
}

std::string to_wire(const NetErr& message) {
    std::string body;
    pbf_writer out(body);
    out.add_enum(1, static_cast<std::int32_t>(message.code));
    out.add_string(2, message.message);
    if (!message.hint.empty()) out.add_string(100, message.hint);
    return body;
}

template <>
NetErr from_wire<NetErr>(std::string_view body) {
    NetErr message;
    read_fields(body, NetErr::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1: {
                const std::uint64_t code = number(reader);
                if (code <= 10) message.code = static_cast<NetErrCode>(code);
                break;
            }
            case 2:
                message.message = text(reader);
                break;
            case 100:
                message.hint = text(reader);
                break;
            default:
                reader.skip();
        }
    });
    return message;
}

std::string to_wire(const ConsoleLine& message) {
    std::string body;
    pbf_writer out(body);
    out.add_string(1, message.line);
    if (!message.color.empty()) out.add_string(2, message.color);
    out.add_bool(3, message.bold);
    return body;
}

template <>
ConsoleLine from_wire<ConsoleLine>(std::string_view body) {
    ConsoleLine message;
    read_fields(body, ConsoleLine::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.line = text(reader);
                break;
            case 2:
                message.color = text(reader);
                break;
            case 3:
                message.bold = boolean(reader);
                break;
            default:
                reader.skip();
        }
    });
    return message;
}

std::string to_wire(const NetProgress& message) {
    std::string body;
    pbf_writer out(body);
    out.add_uint64(1, message.total);
    out.add_uint64(2, message.position);
    return body;
}

template <>
NetProgress from_wire<NetProgress>(std::string_view body) {
    NetProgress message;
    read_fields(body, NetProgress::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.total = number(reader);
                break;
            case 2:
                message.position = number(reader);
                break;
            default:
                reader.skip();
        }
    });
    return message;
}

std::string to_wire(const ServiceStatus& message) {
    std::string process;
    pbf_writer process_out(process);
    process_out.add_uint64(1, message.elapsed);
    if (message.pid) process_out.add_uint32(2, *message.pid);
    process_out.add_enum(3, message.up ? 1 : 0);

    std::string body;
    pbf_writer out(body);
    write_ident(out, 1, message.ident);
    out.add_message(2, process);
    write_group(out, 3, message.group);
    out.add_enum(5, message.desired_up ? 1 : 0);
    if (!message.phase.empty()) out.add_string(100, message.phase);
    if (!message.reason.empty()) out.add_string(101, message.reason);
    if (!message.health.empty()) out.add_string(102, message.health);
    if (message.ready) out.add_bool(103, *message.ready);
    return body;
}

template <>
ServiceStatus from_wire<ServiceStatus>(std::string_view body) {
    ServiceStatus message;
    read_fields(body, ServiceStatus::id, [&](pbf_reader& reader) {
        switch (reader.tag()) {
            case 1:
                message.ident = read_ident(bytes(reader));
                break;
            case 2: {
                const Process process = read_process(bytes(reader));
                message.elapsed = process.elapsed.value_or(0);
                message.pid = process.pid;
                message.up = process.up;
                break;
            }
            case 3:
                message.group = read_group(bytes(reader));
                break;
            case 5:
                message.desired_up = number(reader) == 1;
                break;
            case 100:
                message.phase = text(reader);
                break;
            case 101:
                message.reason = text(reader);
                break;
            case 102:
                message.health = text(reader);
                break;
            case 103:
                message.ready = boolean(reader);
                break;
            default:
                reader.skip();
        }
    });
    if (message.ident.name.empty()) missing(ServiceStatus::id, "ident");
    if (message.group.service.empty()) missing(ServiceStatus::id, "service_group");
    return message;
}

std::string to_wire(const ServiceCfg& message) {
    std::string body;
    pbf_writer out(body);
    out.add_enum(1, 0);  // TOML, the only format
    out.add_string(2, message.text);
    return body;
}

template <>
ServiceCfg from_wire<ServiceCfg>(std::string_view body) {
    ServiceCfg message;
    read_fields(body, ServiceCfg::id, [&](pbf_reader& reader) {
        if (reader.tag() == 2) {
            message.text = text(reader);
        } else {
            reader.skip();
        }
    });
    return message;
}

std::string to_wire(const Answer& message) {
    std::string body;
    pbf_writer(body).add_string(1, message.json);
    return body;
}

template <>
Answer from_wire<Answer>(std::string_view body) {
    Answer message;
    read_fields(body, Answer::id, [&](pbf_reader& reader) {
        if (reader.tag() == 1) {
            message.json = text(reader);
        } else {
            reader.skip();
        }
    });
    return message;
}

NetErrCode to_net_code(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::not_found:
            return NetErrCode::not_found;
        case ErrorCode::conflict:
        case ErrorCode::already_exists:
            return NetErrCode::conflict;
        case ErrorCode::denied:
            return NetErrCode::unauthorized;
        case ErrorCode::unsupported:
            return NetErrCode::not_supported;
        case ErrorCode::usage:
        case ErrorCode::invalid_input:
            return NetErrCode::invalid_payload;
        case ErrorCode::io:
        case ErrorCode::no_space:
            return NetErrCode::io;
        default:
            return NetErrCode::internal;
    }
}

Error to_error(const NetErr& message) {
    ErrorCode code = ErrorCode::failed;
    switch (message.code) {
        case NetErrCode::not_found:
            code = ErrorCode::not_found;
            break;
        case NetErrCode::conflict:
            code = ErrorCode::conflict;
            break;
        case NetErrCode::unauthorized:
            code = ErrorCode::denied;
            break;
        case NetErrCode::not_supported:
        case NetErrCode::update_client:
            code = ErrorCode::unsupported;
            break;
        case NetErrCode::bad_payload:
        case NetErrCode::invalid_payload:
        case NetErrCode::entity_too_large:
            code = ErrorCode::invalid_input;
            break;
        case NetErrCode::io:
            code = ErrorCode::io;
            break;
        case NetErrCode::internal:
        case NetErrCode::tls_handshake_failed:
            break;
    }
    const std::string text = message.message.empty()
                                 ? std::string("the supervisor refused without a reason")
                                 : message.message;
    return {code, text, message.hint};
}

}  // namespace hab::control
