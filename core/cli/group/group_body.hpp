// SPDX-License-Identifier: Apache-2.0
// What `hab config apply` and `hab file upload` send: read, checked, and encrypted if asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "control/messages.hpp"
#include "supervisor/service_group.hpp"

namespace hab::cli {

/// From SERVICE_GROUP and --org. Throws usage for what is no group, or two organisations.
[[nodiscard]] supervisor::ServiceGroup group_of(const Arguments& args);
[[nodiscard]] control::Group to_message(const supervisor::ServiceGroup& group);

/// Throws usage for what is no number below 2^64.
[[nodiscard]] std::uint64_t version_of(std::string_view text);

/// The file's bytes; of standard input for "-". Throws invalid_input beyond 64 KiB.
[[nodiscard]] std::string read_body(const std::string& file);

/// BOX-1 text that only the group can read, by the newest keys of both in the key cache. Throws
/// usage for a group without organisation, crypto without keys, invalid_input if the text gets too
/// long.
[[nodiscard]] std::string encrypted_for(const Invocation& invocation,
                                        const supervisor::ServiceGroup& group,
                                        const std::string& user, std::string_view plain);

}  // namespace hab::cli
