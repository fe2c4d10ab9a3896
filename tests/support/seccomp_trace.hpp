// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hab::test {

/// Makes the kernel stop this process (and its children to come) for its tracer at the calls of
/// disk_calls.hpp, and at no others; opening counts only if it may create or truncate. False if the
/// kernel refuses. To be called between fork and exec.
[[nodiscard]] bool install_trace_filter();

}  // namespace hab::test
