// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/origin/key_cache.hpp"
#include "cli/ring/commands.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{.name = "RING", .help = "The ring's name"}};
constexpr std::array options = {
    cache_key_path_option,
    OptionSpec{.name = "strict",
               .help = "A strict ring: members sign what they say, admins sign commands. Makes the "
                       "first admin's key, too"}};

/// The first admin of a new strict ring: a signing key "RING-admin", kept where it was made.
crypto::Identity make_admin(const crypto::KeyCache& cache, const std::string& ring, WallTime now) {
    const std::string name = ring + "-admin";
    auto admin = crypto::Identity::generate(
        name, free_revision(cache, name, crypto::KeyKind::signing_secret, now));
    auto secret = crypto::SigningSecretKey::from_text(admin.to_text(), "the new admin's key");
    cache.store({secret.public_key(), std::move(secret)});
    return admin;
}

int run(Invocation& invocation) {
    const std::string ring = invocation.args.require("RING");
    crypto::check_ring_name(ring);
    const crypto::KeyCache cache = key_cache_of(invocation);
    invocation.terminal.begin(fmt::format("Generating ring key for {}", ring));
    const WallTime now = invocation.clock.wall();
    std::vector<crypto::PublicKey> admins;
    std::string admin_name;
    if (invocation.args.flag("strict")) {
        const auto admin = make_admin(cache, ring, now);
        admins.push_back(admin.public_key());
        admin_name = admin.name().to_string();
    }
    const auto key = crypto::RingKey::generate(
        ring, free_revision(cache, ring, crypto::KeyKind::ring_secret, now), std::move(admins));
    cache.store(key);
    invocation.terminal.end(
        fmt::format("Generated ring key {} in {}", key.name().to_string(), cache.dir().string()));
    if (!admin_name.empty()) {
        invocation.terminal.end(fmt::format(
            "Generated its admin's key {}: supervisors that give commands to the ring need its "
            "secret half, and no others may have it",
            admin_name));
    }
    return 0;
}

}  // namespace

const Command& ring_key_generate_command() {
    static constexpr Command command = {
        .path = "ring key generate",
        .summary = "Create a key that encrypts what the supervisors of a ring say",
        .description =
            "Every supervisor of the ring needs the same key in its key cache (hab ring key "
            "export, hab ring key import) and the ring's name (--ring). Whoever has the key can "
            "read and say anything in the ring, unless it is strict: then each member signs with a "
            "key of its own, and only who has an admin's key (RING-admin) can set "
            "configurations and files or send members away.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
