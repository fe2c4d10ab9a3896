// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hab::supervisor {

/// Address of the interface that the default route uses, or 127.0.0.1. Sends nothing.
[[nodiscard]] std::string default_ip_address();
[[nodiscard]] std::string host_name();

}  // namespace hab::supervisor
