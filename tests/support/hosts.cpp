// SPDX-License-Identifier: Apache-2.0
#include "support/hosts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

void ip(const std::string& words) {
    std::vector<std::string> argv = {"ip"};
    for (const std::string_view word : split(words, ' '))
        argv.emplace_back(word);
    const RunResult result = run(argv);
    if (result.exit_code != 0) {
        throw Error(ErrorCode::failed, fmt::format("'ip {}' failed: {}", words, result.err),
                    "install iproute2 and run as root");
    }
}

}  // namespace

Hosts::Hosts(int count) : count_(count), prefix_("hab-host-"), hab_roots_("/hab/.hosts") {
    if (!inside_world()) throw Error(ErrorCode::bug, "Hosts outside a test world");
    // `ip netns` keeps its names here; a private tmpfs leaves the machine's own untouched.
    if (run({"sh", "-c", "mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns"}).exit_code !=
        0) {
        throw Error(ErrorCode::failed, "cannot make a private /run/netns");
    }
    ip("link add hab-bridge type bridge");
    ip("link set hab-bridge up");
    for (int i = 0; i < count_; ++i) {
        const std::string host = name(i);
        ip(fmt::format("netns add {}", host));
        ip(fmt::format("link add veth{} type veth peer name eth0 netns {}", i, host));
        ip(fmt::format("link set veth{} master hab-bridge up", i));
        ip(fmt::format("-n {} addr add {}/24 dev eth0", host, address(i)));
        ip(fmt::format("-n {} link set eth0 up", host));
        ip(fmt::format("-n {} link set lo up", host));
        fs::create_directories(fs::path(hab_roots_) / host);
    }
}

Hosts::~Hosts() {
    // Namespaces and bridge die with the world; only names inside it are freed here.
    for (int i = 0; i < count_; ++i)
        run({"ip", "netns", "del", name(i)});
    run({"ip", "link", "del", "hab-bridge"});
    run({"umount", "/run/netns"});
}

std::string Hosts::name(int index) const {
    return fmt::format("{}{}", prefix_, index);
}

std::string Hosts::address(int index) {
    return fmt::format("192.168.33.{}", index + 11);
}

std::vector<std::string> Hosts::on(int index, const std::vector<std::string>& argv) const {
    const std::string script =
        fmt::format("mount --bind {}/{} /hab && exec \"$@\"", hab_roots_, name(index));
    std::vector<std::string> words = {"ip",      "netns", "exec", name(index), "unshare",
                                      "--mount", "sh",    "-c",   script,      "sh"};
    words.insert(words.end(), argv.begin(), argv.end());
    return words;
}

void Hosts::set_link(int index, bool up) const {
    ip(fmt::format("link set veth{} {}", index, up ? "up" : "down"));
}

}  // namespace hab::test
