// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/settings.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/service_limits.hpp"
#include "supervisor/service_group.hpp"

namespace hab::cli {
namespace {

constexpr std::array options = {
    OptionSpec{"name",
               '\0',
               OptionKind::value,
               "NAME",
               "Name of the service, for a second one of the package [default: the package's]",
               {},
               {}},
    OptionSpec{
        "group", '\0', OptionKind::value, "GROUP", "Service group [default: default]", {}, {}},
    OptionSpec{"topology",
               't',
               OptionKind::value,
               "TOPOLOGY",
               "How the group is led, a topology plugin [default: standalone]",
               {},
               {}},
    OptionSpec{"strategy",
               's',
               OptionKind::value,
               "STRATEGY",
               "Updates: none, at-once or rolling [default: none]",
               {},
               {}},
    OptionSpec{"update-condition",
               '\0',
               OptionKind::value,
               "CONDITION",
               "What to update to: latest or track-channel [default: latest]",
               {},
               {}},
    OptionSpec{"bind",
               '\0',
               OptionKind::list,
               "BIND",
               "Another group's exports under a name: NAME:SERVICE.GROUP[@ORG]",
               {},
               {}},
    OptionSpec{"binding-mode",
               '\0',
               OptionKind::value,
               "MODE",
               "strict waits for binds, relaxed does not [default: strict]",
               {},
               {}},
    OptionSpec{"channel",
               '\0',
               OptionKind::value,
               "CHANNEL",
               "Channel to install from [default: stable]",
               {},
               {}},
    OptionSpec{"url", 'u', OptionKind::value, "URL", "Depot to install from", {}, {}},
    OptionSpec{"health-check-interval",
               '\0',
               OptionKind::value,
               "SECONDS",
               "Time between health checks [default: 30]",
               {},
               {}},
    OptionSpec{"shutdown-timeout",
               '\0',
               OptionKind::value,
               "SECONDS",
               "Time for the process to end before it is killed",
               {},
               {}},
    OptionSpec{"limit-memory",
               '\0',
               OptionKind::value,
               "BYTES",
               "Memory of the service, as 512M, or none",
               {},
               {}},
    OptionSpec{"limit-open-files",
               '\0',
               OptionKind::value,
               "N",
               "Open files of each of its processes, or none",
               {},
               {}},
    OptionSpec{"limit-pids",
               '\0',
               OptionKind::value,
               "N",
               "Its processes and threads together, or none",
               {},
               {}},
    OptionSpec{"limit-cpu",
               '\0',
               OptionKind::value,
               "PERCENT",
               "Its processor time, as 50% of one processor, or none",
               {},
               {}},
    OptionSpec{"config-from",
               '\0',
               OptionKind::value,
               "DIR",
               "Use default.toml, config and hooks from here (development only)",
               {},
               {}},
};

control::Bind read_bind(const std::string& text) {
    try {
        const auto bind = supervisor::ServiceBind::parse(text);
        return {bind.name, {bind.group.service, bind.group.group, bind.group.organization}};
    } catch (const Error& error) {
        throw Error(ErrorCode::usage, error.message(), error.hint());
    }
}

/// "memory=512M" for each limit that is given and is one.
std::vector<std::string> read_limits(const Arguments& args) {
    std::vector<std::string> limits;
    package::ServiceLimits checked;
    for (const std::string_view name : package::service_limit_names) {
        const auto text = args.get("limit-" + replace_all(name, "_", "-"));
        if (!text) continue;
        try {
            package::set_limit(checked, name, *text);
        } catch (const Error& error) {
            throw Error(ErrorCode::usage, error.message(), error.hint());
        }
        limits.push_back(fmt::format("{}={}", name, *text));
    }
    return limits;
}

}  // namespace

std::span<const OptionSpec> setting_options() {
    return options;
}

std::optional<std::uint32_t> read_seconds(const Arguments& args, std::string_view option) {
    const auto text = args.get(option);
    if (!text) return std::nullopt;
    const auto number = parse_u64(*text);
    if (!number || *number > std::numeric_limits<std::uint32_t>::max()) {
        throw Error(ErrorCode::usage,
                    fmt::format("--{} needs a number of seconds, not '{}'", option, *text));
    }
    return static_cast<std::uint32_t>(*number);
}

control::Settings read_settings(const Arguments& args) {
    control::Settings settings;
    settings.name = args.get("name");
    settings.group = args.get("group");
    settings.topology = args.get("topology");
    settings.update_strategy = args.get("strategy");
    settings.update_condition = args.get("update-condition");
    settings.binding_mode = args.get("binding-mode");
    settings.channel = args.get("channel");
    settings.bldr_url = args.get("url");
    settings.config_from = args.get("config-from");
    settings.health_check_interval = read_seconds(args, "health-check-interval");
    settings.shutdown_timeout = read_seconds(args, "shutdown-timeout");
    settings.limits = read_limits(args);
    const auto binds = args.all("bind");
    if (!binds.empty()) {
        settings.binds.emplace();
        for (const std::string& bind : binds)
            settings.binds->push_back(read_bind(bind));
    }
    return settings;
}

std::vector<std::string> setting_words(const Arguments& args) {
    std::vector<std::string> words;
    for (const OptionSpec& option : options) {
        for (const std::string& value : args.all(option.name)) {
            words.push_back(fmt::format("--{}={}", option.name, value));
        }
    }
    return words;
}

}  // namespace hab::cli
