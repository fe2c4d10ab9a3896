// SPDX-License-Identifier: Apache-2.0
// The ring's vectors (ring-vectors.json beside this file) as bytes and messages.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <string>
#include <string_view>

#include "ring/types.hpp"

namespace conformance {

namespace json = boost::json;

/// The whole file, read once.
[[nodiscard]] const json::object& ring_vectors();
[[nodiscard]] std::string from_hex_text(std::string_view hex);
[[nodiscard]] std::string bytes_of(const json::object& vector);

/// Messages from a vector's "fields". Texts are views into the vectors, which live for ever.
[[nodiscard]] hab::ring::Member member_of(const json::object& fields);
[[nodiscard]] hab::ring::Membership membership_of(const json::object& fields);
[[nodiscard]] hab::ring::Swim swim_of(std::string_view name, const json::object& fields);
[[nodiscard]] hab::ring::Rumor rumor_of(const json::object& fields);

}  // namespace conformance
