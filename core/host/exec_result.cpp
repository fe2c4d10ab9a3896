// SPDX-License-Identifier: Apache-2.0
#include "host/exec_result.hpp"

#include "base/error.hpp"
#include "host/abi_copy.hpp"

namespace hab::host {

void finish(const sandbox::RunResult& done, hab_exec_result* result) {
    hab_exec_result full{};
    full.exit_code = done.status.exit_code;
    full.term_signal = done.status.term_signal;
    if (done.timed_out) full.flags |= HAB_EXEC_TIMED_OUT;
    if (done.was_cancelled) full.flags |= HAB_EXEC_CANCELLED;
    if (done.status.out_of_memory) full.flags |= HAB_EXEC_OOM;
    full.wall_ms = static_cast<std::uint64_t>(done.wall.count());
    full.max_rss = done.status.max_rss;
    store_covered(full, result);
    if (done.was_cancelled) {
        throw Error(ErrorCode::cancelled, "the program was killed because the work was cancelled");
    }
}

}  // namespace hab::host
