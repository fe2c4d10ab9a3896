// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "cli/pkg/commands.hpp"
#include "cli/pkg/gc_roots.hpp"
#include "package/garbage_collector.hpp"

namespace hab::cli {
namespace {

using package::GarbageItem;
using package::GarbageKind;

constexpr std::array options = {
    OptionSpec{.name = "keep-latest",
               .kind = OptionKind::value,
               .value_name = "N",
               .help = "Keep the N newest of each name although nothing needs them",
               .env = {},
               .default_value = "1"},
    OptionSpec{.name = "min-age",
               .kind = OptionKind::value,
               .value_name = "MINUTES",
               .help = "Keep what came or changed less than this long ago",
               .env = {},
               .default_value = "0"},
    OptionSpec{.name = "dryrun",
               .letter = 'd',
               .value_name = {},
               .help = "Say what would be removed, and remove nothing",
               .env = {},
               .default_value = {}},
    OptionSpec{.name = "format",
               .kind = OptionKind::value,
               .value_name = "FORMAT",
               .help = "text or json",
               .env = {},
               .default_value = "text"}};

std::uint64_t number(const Arguments& args, std::string_view option, std::uint64_t max) {
    const std::string text = args.require(option);
    const auto value = parse_u64(text);
    if (value && *value <= max) return *value;
    throw Error(ErrorCode::usage,
                fmt::format("--{} takes a number up to {}, not '{}'", option, max, text));
}

std::string label(const GarbageItem& item) {
    if (item.kind == GarbageKind::package) return item.name;
    return fmt::format("{} {}", package::to_string(item.kind), item.name);
}

void show(Terminal& terminal, std::string_view verb, const GarbageItem& item) {
    const std::string size = item.keep ? "" : fmt::format(" ({})", human_bytes(item.bytes));
    terminal.status(verb, fmt::format("{}: {}{}", label(item), item.reason, size));
}

/// "2 packages, 1 artifact".
std::string count_by_kind(const std::vector<GarbageItem>& items) {
    std::string text;
    for (const GarbageKind kind :
         {GarbageKind::package, GarbageKind::artifact, GarbageKind::source, GarbageKind::build,
          GarbageKind::studio, GarbageKind::plugin_cache}) {
        std::size_t count = 0;
        for (const GarbageItem& item : items)
            count += !item.keep && item.kind == kind ? 1 : 0;
        if (count == 0) continue;
        text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, package::to_string(kind),
                            count == 1 ? "" : "s");
    }
    return text.empty() ? "nothing" : text;
}

std::uint64_t bytes_of(const std::vector<GarbageItem>& items) {
    std::uint64_t bytes = 0;
    for (const GarbageItem& item : items)
        bytes += item.keep ? 0 : item.bytes;
    return bytes;
}

std::string as_json(const std::vector<GarbageItem>& items, bool dryrun, unsigned unreadable) {
    Array list;
    for (const GarbageItem& item : items) {
        Object one;
        one.set("kind", package::to_string(item.kind));
        one.set("name", item.name);
        one.set("path", item.path.string());
        one.set("kept", item.keep);
        one.set("reason", item.reason);
        one.set("bytes", static_cast<std::int64_t>(item.bytes));
        list.emplace_back(std::move(one));
    }
    Object object;
    object.set("dryrun", dryrun);
    object.set("freed", static_cast<std::int64_t>(bytes_of(items)));
    object.set("unreadable_processes", static_cast<std::int64_t>(unreadable));
    object.set("items", std::move(list));
    return to_json(object, true);
}

int run(Invocation& invocation) {
    Terminal& terminal = invocation.terminal;
    const bool dryrun = invocation.args.flag("dryrun");
    const std::string format = invocation.args.require("format");
    if (format != "text" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not an output format", format),
                    "use --format text or --format json");
    }
    const bool text = format == "text";
    package::GarbageCollector::Options collect;
    collect.rules.keep_latest = static_cast<unsigned>(number(invocation.args, "keep-latest", 1000));
    collect.rules.min_age = std::chrono::minutes(number(invocation.args, "min-age", 5'256'000));
    collect.rules.now = invocation.clock.wall();
    collect.roots = [&] { return garbage_roots(invocation.paths); };
    collect.waiting = [&] { terminal.warn("waiting for an install that is running"); };
    if (text) collect.done = [&](const GarbageItem& item) { show(terminal, "Removed", item); };
    package::GarbageCollector collector(package::InstalledPackages(invocation.paths), collect);
    if (text) terminal.begin(dryrun ? "Looking for garbage" : "Collecting garbage");
    const auto items = dryrun ? collector.plan() : collector.collect();
    if (const unsigned count = collector.unreadable_processes(); count > 0) {
        terminal.warn(
            fmt::format("{} {} of other users could not be looked at: packages that only "
                        "they use are not protected",
                        count, count == 1 ? "process" : "processes"));
    }
    if (!text) {
        terminal.out(as_json(items, dryrun, collector.unreadable_processes()));
        return 0;
    }
    for (const GarbageItem& item : items) {
        if (item.keep) show(terminal, "Kept", item);
        if (!item.keep && dryrun) show(terminal, "Would remove", item);
    }
    terminal.end(fmt::format("{} {}; {} {}.", dryrun ? "Would remove" : "Removed",
                             count_by_kind(items), human_bytes(bytes_of(items)),
                             dryrun ? "would be free" : "freed"));
    return 0;
}

}  // namespace

const Command& pkg_gc_command() {
    static constexpr Command command = {
        .path = "pkg gc",
        .summary = "Remove packages, artifacts and other leftovers that nothing needs",
        .description =
            "Keeps what loaded services, pins (see hab pkg pin), programs linked into /bin and "
            "running processes use, the newest package of each name, and everything these depend "
            "on. Looks at installed packages, the artifact and source caches, what builds left, "
            "studios and caches of plugins; never at keys. Waits for installs that are running.",
        .arguments = {},
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
