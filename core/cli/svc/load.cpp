// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"
#include "cli/svc/settings.hpp"

namespace hab::cli {

int run_svc_load(Invocation& invocation) {
    const control::SvcLoad message{package::Ident::parse(invocation.args.require("PKG_IDENT")),
                                   invocation.args.flag("force"), read_settings(invocation.args)};
    connect_supervisor(invocation).request(message, show_replies(invocation.terminal));
    return 0;
}

int run_svc_update(Invocation& invocation) {
    const control::SvcUpdate message{package::Ident::parse(invocation.args.require("PKG_IDENT")),
                                     read_settings(invocation.args)};
    if (message.settings == control::Settings{}) {
        throw Error(ErrorCode::usage, "'hab svc update' needs at least one option to change",
                    "See 'hab svc update --help'.");
    }
    connect_supervisor(invocation).request(message, show_replies(invocation.terminal));
    return 0;
}

}  // namespace hab::cli
