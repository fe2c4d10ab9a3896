// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace hab::package {

/// Calls `work` once for each index below `count`, on all processors, in no fixed order. After an
/// exception no new index is begun; the first one is rethrown when all threads have ended.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace hab::package
