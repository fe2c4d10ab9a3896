// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "supervisor/service_state.hpp"
#include "supervisor/spec.hpp"

namespace hab::supervisor {

/// The part of a snapshot that the spec alone tells: all there is for a service that cannot be set
/// up.
[[nodiscard]] ServiceSnapshot spec_snapshot(const ServiceSpec& spec,
                                            const std::filesystem::path& file);

}  // namespace hab::supervisor
