// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/verify_deep.hpp"

#include <fmt/format.h>

#include "cli/origin/key_cache.hpp"
#include "package/deep_verify.hpp"
#include "package/printable.hpp"

namespace hab::cli {
namespace {

std::string to_line(const package::Fault& fault) {
    const std::string path = package::printable(fault.path);
    return fault.detail.empty() ? path
                                : fmt::format("{} ({})", path, package::printable(fault.detail));
}

/// "Changed", as the verb of a status line.
std::string verb_of(package::FaultKind kind) {
    std::string verb(package::to_string(kind));
    verb.front() = static_cast<char>(verb.front() - 'a' + 'A');
    return verb;
}

}  // namespace

int run_verify_deep(Invocation& invocation) {
    Terminal& terminal = invocation.terminal;
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("SOURCE")));
    const std::string ident = package.ident().to_string();
    terminal.begin(fmt::format("Verifying installed package {}", ident));
    const auto result = package::verify_deep(package, store, key_cache_of(invocation));
    for (const package::Fault& fault : result.faults)
        terminal.status(verb_of(fault.kind), to_line(fault));
    if (!result.artifact_problem.empty()) {
        terminal.warn(
            fmt::format("the cached artifact could not be used: {}", result.artifact_problem));
    }
    if (!result.with_artifact) {
        terminal.warn(
            "links, directories and permissions were not checked: FILES does not list "
            "them, and the package's artifact is not in the artifact cache");
    }
    if (!result.faults.empty()) {
        throw Error(ErrorCode::crypto,
                    fmt::format("the installed package '{}' is not what was signed: {} {} from it",
                                ident, result.faults.size(),
                                result.faults.size() == 1 ? "file differs" : "files differ"),
                    "remove it and install it again from a good artifact");
    }
    terminal.status("Verified",
                    fmt::format("{} files, {}", result.files, human_bytes(result.bytes)));
    terminal.status("Verified", fmt::format("signed with {}", result.signer.to_string()));
    terminal.end(fmt::format("Verified installed package {}.", ident));
    return 0;
}

}  // namespace hab::cli
