// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace hab::ring {

/// Why a decoder did not take some bytes. Bytes come from strangers, perhaps at line rate, so that
/// refusing them must be as cheap as taking them: a value, not an exception.
enum class Refusal : std::uint8_t {
    none,           ///< taken
    malformed,      ///< not protobuf, a field of another type, text that is not UTF-8
    too_large,      ///< more bytes or elements than any honest sender has
    unknown_kind,   ///< a type number that does not exist, or only upstream's tests know
    wrong_payload,  ///< the type and the payload do not belong together, or there is no payload
    missing_field,  ///< something mandatory is absent
    bad_id,         ///< a member id that is not 32 lower-case hex digits
    bad_address,    ///< an address that is neither empty nor an IP address
    bad_port,       ///< out of 0..65535
    bad_group,      ///< not "service.group" with an optional "@organisation"
    bad_nonce,      ///< a sealed message without a nonce of 24 bytes
    not_authentic,  ///< none of our keys opens it
    not_signed,     ///< in a strict ring: not signed, or not by who may say it
    replayed,       ///< in a strict ring: was said before
};

/// Half a sentence for logs and tests: "a mandatory field is missing".
[[nodiscard]] std::string_view to_string(Refusal refusal) noexcept;

}  // namespace hab::ring
