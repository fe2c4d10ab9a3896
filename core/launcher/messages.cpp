// SPDX-License-Identifier: Apache-2.0
#include "launcher/messages.hpp"

#include <type_traits>

namespace hab::launcher {
namespace {

void put(WireWriter& out, const Hello& m) {
    out.u32(m.version);
}
void put(WireWriter& out, const Spawn& m) {
    out.u64(m.request);
    out.text(m.id);
    out.texts(m.argv);
    out.texts(m.env);
    out.text(m.cwd);
    out.u32(m.switch_user ? 1 : 0);
    out.u32(m.uid);
    out.u32(m.gid);
    out.numbers(m.groups);
    out.u64(m.open_files);
    out.texts(m.control_groups);
    out.u32(m.ready_fd);
}
void put(WireWriter& out, const Signal& m) {
    out.u64(m.pid);
    out.u32(m.signal);
    out.u32(m.group ? 1 : 0);
}
void put(WireWriter& out, const Forget& m) {
    out.u64(m.pid);
}
void put(WireWriter& out, const Welcome& m) {
    out.u32(m.version);
    out.u64(m.launcher_pid);
    out.u32(m.generation);
    out.u32(m.processes);
    out.u32(m.notes);
}
void put(WireWriter& out, const Known& m) {
    out.text(m.id);
    out.u64(m.pid);
    out.u64(m.started_ms);
    out.u32(m.running ? 1 : 0);
    out.u32(m.status);
}
void put(WireWriter& out, const Spawned& m) {
    out.u64(m.request);
    out.u64(m.pid);
}
void put(WireWriter& out, const SpawnFailed& m) {
    out.u64(m.request);
    out.text(m.what);
    out.u32(m.error);
}
void put(WireWriter& out, const Exited& m) {
    out.text(m.id);
    out.u64(m.pid);
    out.u32(m.status);
}
void put(WireWriter&, const Shutdown&) {}
void put(WireWriter&, const Ready&) {}
void put(WireWriter& out, const Remember& m) {
    out.text(m.id);
    out.text(m.text);
}

void get(WireReader& in, Hello& m) {
    m.version = in.u32();
}
void get(WireReader& in, Spawn& m) {
    m.request = in.u64();
    m.id = in.text();
    m.argv = in.texts();
    m.env = in.texts();
    m.cwd = in.text();
    m.switch_user = in.u32() != 0;
    m.uid = in.u32();
    m.gid = in.u32();
    m.groups = in.numbers();
    m.open_files = in.u64();
    m.control_groups = in.texts();
    m.ready_fd = in.u32();
}
void get(WireReader& in, Signal& m) {
    m.pid = in.u64();
    m.signal = in.u32();
    m.group = in.u32() != 0;
}
void get(WireReader& in, Forget& m) {
    m.pid = in.u64();
}
void get(WireReader& in, Welcome& m) {
    m.version = in.u32();
    m.launcher_pid = in.u64();
    m.generation = in.u32();
    m.processes = in.u32();
    m.notes = in.u32();
}
void get(WireReader& in, Known& m) {
    m.id = in.text();
    m.pid = in.u64();
    m.started_ms = in.u64();
    m.running = in.u32() != 0;
    m.status = in.u32();
}
void get(WireReader& in, Spawned& m) {
    m.request = in.u64();
    m.pid = in.u64();
}
void get(WireReader& in, SpawnFailed& m) {
    m.request = in.u64();
    m.what = in.text();
    m.error = in.u32();
}
void get(WireReader& in, Exited& m) {
    m.id = in.text();
    m.pid = in.u64();
    m.status = in.u32();
}
void get(WireReader&, Shutdown&) {}
void get(WireReader&, Ready&) {}
void get(WireReader& in, Remember& m) {
    m.id = in.text();
    m.text = in.text();
}

// The type number on the wire is the position in the variant: new messages go to its end.
template <std::size_t Index = 0>
Message read(std::uint32_t type, WireReader& in) {
    if constexpr (Index == std::variant_size_v<Message>) {
        throw WireError("a launcher message has an unknown type");
    } else {
        if (type != Index) return read<Index + 1>(type, in);
        std::variant_alternative_t<Index, Message> message;
        get(in, message);
        in.end();
        return message;
    }
}

}  // namespace

std::string encode(const Message& message) {
    WireWriter out;
    out.u32(static_cast<std::uint32_t>(message.index()));
    std::visit([&](const auto& body) { put(out, body); }, message);
    return out.bytes();
}

Message decode(std::string_view packet) {
    WireReader in(packet);
    const auto type = in.u32();
    return read(type, in);
}

}  // namespace hab::launcher
