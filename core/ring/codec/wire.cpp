// SPDX-License-Identifier: Apache-2.0
// The outer wrapper. Whether it is sealed is the business of ring/seal.hpp.
#include "ring/codec/parts.hpp"

namespace hab::ring {

Refusal decode_wire(std::string_view bytes, Wire& out) noexcept {
    out = Wire{};
    if (bytes.size() > max_stream_message + sealed_overhead) return Refusal::too_large;
    codec::Reader reader(bytes);
    bool has_payload = false;
    while (reader.next()) {
        switch (reader.field()) {
            case 1:
                out.encrypted = reader.boolean();
                break;
            case 2:
                out.nonce = reader.bytes();
                break;
            case 3:
                out.payload = reader.bytes();
                has_payload = true;
                break;
            default:
                reader.skip();
        }
    }
    if (!has_payload) reader.refuse(Refusal::missing_field);
    return reader.refusal();
}

void encode(const Wire& wire, std::string& out) {
    protozero::pbf_writer message(out);
    if (wire.encrypted) message.add_bool(1, true);
    if (!wire.nonce.empty()) message.add_bytes(2, wire.nonce.data(), wire.nonce.size());
    message.add_bytes(3, wire.payload.data(), wire.payload.size());
}

}  // namespace hab::ring
