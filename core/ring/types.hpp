// SPDX-License-Identifier: Apache-2.0
// All values of the ring's protocol.
#pragma once

#include "ring/address.hpp"      // IWYU pragma: export
#include "ring/member.hpp"       // IWYU pragma: export
#include "ring/member_id.hpp"    // IWYU pragma: export
#include "ring/own_message.hpp"  // IWYU pragma: export
#include "ring/rumor.hpp"        // IWYU pragma: export
#include "ring/swim.hpp"         // IWYU pragma: export
