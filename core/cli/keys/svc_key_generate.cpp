// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>

#include "cli/keys/commands.hpp"
#include "cli/origin/key_cache.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "SERVICE_GROUP", .help = "SERVICE.GROUP, or SERVICE.GROUP@ORG"},
    ArgumentSpec{.name = "ORG",
                 .help = "The organisation; in old setups also HAB_ORG",
                 .required = false,
                 .env = "HABITAT_ORG"}};
constexpr std::array options = {cache_key_path_option};

/// Upstream renamed the variable; both are in use.
std::string organisation(const Arguments& args) {
    if (auto org = args.get("ORG")) return *org;
    const char* old = std::getenv("HAB_ORG");
    return old == nullptr ? "" : old;
}

/// A group that names its organisation does not look at the environment.
std::string key_name(const Arguments& args) {
    const std::string group = args.require("SERVICE_GROUP");
    const bool given = args.source("ORG") == ValueSource::command_line;
    const bool complete = group.find('@') != group.npos;
    return crypto::service_key_name(group, complete && !given ? "" : organisation(args));
}

int run(Invocation& invocation) {
    return generate_box_pair(invocation, "service", key_name(invocation.args));
}

}  // namespace

const Command& svc_key_generate_command() {
    static constexpr Command command = {
        .path = "svc key generate",
        .summary = "Create a key pair with which a service group receives what is encrypted",
        .description =
            "The supervisors of the group need the secret key in their key caches; users that "
            "encrypt for the group need the public one.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
