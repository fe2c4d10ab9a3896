// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/group/commands.hpp"
#include "cli/group/group_body.hpp"
#include "cli/svc/session.hpp"
#include "config/toml.hpp"

namespace hab::cli {

int run_config_apply(Invocation& invocation) {
    const auto group = group_of(invocation.args);
    control::SvcSetCfg message;
    message.group = to_message(group);
    message.version = version_of(invocation.args.require("VERSION"));
    const std::string text = read_body(invocation.args.get("FILE").value_or("-"));
    // Nobody can tell later what is wrong with what is encrypted.
    (void)config::parse_toml(text, "the configuration");
    const auto user = invocation.args.get("user");
    message.encrypted = user.has_value();
    message.cfg = user ? encrypted_for(invocation, group, *user, text) : text;

    invocation.terminal.begin(fmt::format("Setting new configuration version {} for {}",
                                          message.version, group.to_string()));
    connect_supervisor(invocation).request(message, show_replies(invocation.terminal));
    invocation.terminal.end("Applied configuration");
    return 0;
}

}  // namespace hab::cli
