// SPDX-License-Identifier: Apache-2.0
#include "base/entropy.hpp"
#include "cli/sup/commands.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {

int run_sup_secret_generate(Invocation& invocation) {
    SystemEntropy entropy;
    invocation.terminal.out(supervisor::new_ctl_secret(entropy) + "\n");
    return 0;
}

}  // namespace hab::cli
