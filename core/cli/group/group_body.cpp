// SPDX-License-Identifier: Apache-2.0
#include "cli/group/group_body.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "cli/origin/key_cache.hpp"
#include "crypto/box_message.hpp"
#include "supervisor/ring/ring_commands.hpp"

namespace hab::cli {
namespace {

using supervisor::most_ring_body;

void check_size(std::size_t size, std::string_view what, std::string_view why) {
    if (size <= most_ring_body) return;
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot send {}: it has {} bytes{}, and a service group takes at most "
                            "{}",
                            what, size, why, most_ring_body),
                "Put what is large into a package, and only what differs here.");
}

/// Far more than is allowed: the sentence tells how much it is.
constexpr std::size_t read_limit = 16u << 20;

}  // namespace

supervisor::ServiceGroup group_of(const Arguments& args) {
    const std::string text = args.require("SERVICE_GROUP");
    supervisor::ServiceGroup group;
    try {
        group = supervisor::ServiceGroup::parse(text);
        const auto org = args.get("org");
        if (!org || org == group.organization) return group;
        if (group.organization.empty()) {
            return supervisor::ServiceGroup::parse(fmt::format("{}@{}", group.to_string(), *org));
        }
        throw Error(ErrorCode::usage, fmt::format("the organisation is said to be '{}' and '{}'",
                                                  group.organization, *org));
    } catch (const Error& error) {
        throw Error(ErrorCode::usage, error.message(), error.hint());
    }
}

control::Group to_message(const supervisor::ServiceGroup& group) {
    return {group.service, group.group, group.organization};
}

std::uint64_t version_of(std::string_view text) {
    if (const auto number = parse_u64(text)) return *number;
    throw Error(ErrorCode::usage, fmt::format("VERSION needs a number, not '{}'", text),
                "Take one that grows, such as the time: $(date +%s).");
}

std::string read_body(const std::string& file) {
    std::string body = file == "-" ? read_fd(STDIN_FILENO, "standard input", read_limit)
                                   : read_file(file, read_limit);
    check_size(body.size(), file == "-" ? "standard input" : file, "");
    return body;
}

std::string encrypted_for(const Invocation& invocation, const supervisor::ServiceGroup& group,
                          const std::string& user, std::string_view plain) {
    crypto::check_user_name(user);
    const std::string service = crypto::service_key_name(
        fmt::format("{}.{}", group.service, group.group), group.organization);
    const crypto::KeyCache cache = key_cache_of(invocation);
    const auto users = cache.revisions(user, crypto::KeyKind::box_secret);
    if (users.empty()) {
        throw Error(ErrorCode::crypto,
                    fmt::format("cannot encrypt: there is no secret key of the user '{}' in {}",
                                user, cache.dir().string()),
                    fmt::format("`hab user key generate {}` makes one.", user));
    }
    const auto services = cache.revisions(service, crypto::KeyKind::box_public);
    if (services.empty()) {
        throw Error(ErrorCode::crypto,
                    fmt::format("cannot encrypt: there is no public key of the service group '{}' "
                                "in {}",
                                service, cache.dir().string()),
                    "`hab svc key generate` makes one where the service runs; its public half "
                    "belongs here.");
    }
    std::string text = crypto::encrypt_box(cache.box_secret_key(users.back()),
                                           cache.box_public_key(services.back()), plain);
    check_size(text.size(), "it", " when it is encrypted");
    return text;
}

}  // namespace hab::cli
