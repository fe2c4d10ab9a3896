// SPDX-License-Identifier: Apache-2.0
// The directories of one service below /hab/svc/NAME, with their owners and modes.
#pragma once

#include <filesystem>

#include "supervisor/service_user.hpp"

namespace hab::supervisor {

struct ServiceTree {
    explicit ServiceTree(std::filesystem::path root_dir) : root(std::move(root_dir)) {}

    std::filesystem::path root;
    [[nodiscard]] std::filesystem::path config() const { return root / "config"; }
    [[nodiscard]] std::filesystem::path hooks() const { return root / "hooks"; }
    /// What the ring brought.
    [[nodiscard]] std::filesystem::path files() const { return root / "files"; }
    [[nodiscard]] std::filesystem::path logs() const { return root / "logs"; }
    /// Where the config-check hook finds the files that it is asked about.
    [[nodiscard]] std::filesystem::path check() const { return root / "config-check"; }
    [[nodiscard]] std::filesystem::path run() const { return root / "run"; }
    [[nodiscard]] std::filesystem::path pid_file() const { return root / "PID"; }
};

/// Creates what is missing. The supervisor's directories get their mode at each start; those of the
/// service user only when they are made, so that an operator may change them. Modes do not depend
/// on the umask. Throws io errors that name the directory.
void prepare_service_tree(const ServiceTree& tree, const ServiceUser& user);

}  // namespace hab::supervisor
