// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/strings.hpp"
#include "cli/group/commands.hpp"
#include "cli/group/group_body.hpp"
#include "cli/svc/session.hpp"

namespace hab::cli {

int run_file_upload(Invocation& invocation) {
    const Arguments& args = invocation.args;
    const auto group = group_of(args);
    std::string version = args.require("VERSION");
    std::string file = args.require("FILE");
    // 2016 had the file before the version.
    if (!parse_u64(version) && parse_u64(file)) std::swap(version, file);
    const auto user = args.get("user") ? args.get("user") : args.get("USER");

    control::SvcFilePut message;
    message.group = to_message(group);
    message.version = version_of(version);
    message.filename = std::filesystem::path(file).filename().string();
    message.content = read_body(file == "-" ? "./-" : file);
    message.encrypted = user.has_value();
    if (user) message.content = encrypted_for(invocation, group, *user, message.content);

    invocation.terminal.begin(fmt::format("Uploading file {} version {} to {}", message.filename,
                                          message.version, group.to_string()));
    connect_supervisor(invocation).request(message, show_replies(invocation.terminal));
    invocation.terminal.end("Uploaded file");
    return 0;
}

}  // namespace hab::cli
