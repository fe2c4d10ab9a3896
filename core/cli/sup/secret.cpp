// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/sup/commands.hpp"
#include "control/tls_files.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {
namespace {

constexpr int days = 365;

/// A DNS name or an address.
std::string require_name(const Invocation& invocation) {
    const auto name = invocation.args.get("subject-alternative-name");
    if (!name) {
        throw Error(ErrorCode::usage, "'hab sup secret generate-tls' needs the name to certify",
                    "Add --subject-alternative-name NAME.");
    }
    const bool good = !name->empty() && name->size() <= 253 &&
                      std::all_of(name->begin(), name->end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                 (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
                      });
    if (good) return *name;
    throw Error(ErrorCode::usage, fmt::format("'{}' is no host name or address", *name));
}

}  // namespace

int run_sup_secret_generate(Invocation& invocation) {
    SystemEntropy entropy;
    invocation.terminal.out(supervisor::new_ctl_secret(entropy) + "\n");
    return 0;
}

int run_sup_secret_generate_tls(Invocation& invocation) {
    const std::string name = require_name(invocation);
    const fs::path dir =
        invocation.args.get("PATH").value_or(control::tls_dir(invocation.paths).string());
    const auto pair = net::generate_tls_key_pair(name, days);
    const auto stem = fmt::format("ctl-{}", compact_utc(invocation.clock.wall()));
    make_directories(dir, 0700);
    WriteOptions options;
    options.mode = 0600;
    write_file_atomic(dir / (stem + ".key.pem"), pair.key, options);
    try {
        options.mode = 0644;
        write_file_atomic(dir / (stem + ".crt.pem"), pair.certificate, options);
    } catch (const Error&) {
        // The newest key goes with the newest certificate: alone it would break what worked.
        std::error_code none;
        std::filesystem::remove(dir / (stem + ".key.pem"), none);
        throw;
    }
    invocation.terminal.out(fmt::format("{}\n{}\n", (dir / (stem + ".key.pem")).string(),
                                        (dir / (stem + ".crt.pem")).string()));
    return 0;
}

}  // namespace hab::cli
