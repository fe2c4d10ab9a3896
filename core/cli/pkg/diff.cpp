// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "cli/pkg/commands.hpp"
#include "package/installed.hpp"
#include "package/package_diff.hpp"
#include "package/printable.hpp"

namespace hab::cli {
namespace {

using package::ListedFile;
using package::PackageDiff;
using package::printable;

constexpr int exit_different = 3;

constexpr std::array arguments = {
    ArgumentSpec{.name = "BEFORE", .help = "An installed package, or a .hart file"},
    ArgumentSpec{.name = "AFTER", .help = "The other one"}};
constexpr std::array options = {OptionSpec{.name = "format",
                                           .kind = OptionKind::value,
                                           .value_name = "FORMAT",
                                           .help = "text or json",
                                           .env = {},
                                           .default_value = "text"}};

/// As in `pkg install`: what looks like an artifact or is a file is one.
package::Listing read_one(const std::string& word, const Paths& paths) {
    std::error_code error;
    if (word.ends_with(".hart") || fs::is_regular_file(word, error))
        return package::list_artifact(word);
    const package::InstalledPackages store(paths);
    return package::list_installed(store.load(package::Ident::parse(word)));
}

std::string describe(const ListedFile& file) {
    if (S_ISDIR(file.mode)) return fmt::format("directory {:04o}", file.mode & 07777);
    if (S_ISLNK(file.mode)) return "link to " + printable(file.content);
    return fmt::format("{}, {:04o}", human_bytes(file.size), file.mode & 07777);
}

/// "4.2 MB -> 4.3 MB", or what else is another.
std::string describe(const ListedFile& before, const ListedFile& after) {
    const std::string a = describe(before);
    const std::string b = describe(after);
    return a == b ? a + ", other content" : fmt::format("{} -> {}", a, b);
}

std::string first_line(std::string_view text) {
    if (text.empty()) return "none";
    const auto line = split(text, '\n').front();
    return line.size() == text.size() && line.size() <= 100
               ? printable(line)
               : fmt::format("{}…", printable(line.substr(0, 100)));
}

void add_idents(std::string& text, std::string_view title, const package::IdentDifference& idents) {
    if (idents.removed.empty() && idents.added.empty()) return;
    text += fmt::format("{}\n", title);
    for (const auto& ident : idents.removed)
        text += fmt::format("  - {}\n", ident.to_string());
    for (const auto& ident : idents.added)
        text += fmt::format("  + {}\n", ident.to_string());
}

std::string as_text(const PackageDiff& diff) {
    std::string text =
        fmt::format("--- {}\n+++ {}\n", diff.before.to_string(), diff.after.to_string());
    add_idents(text, "Dependencies", diff.deps);
    add_idents(text, "Transitive dependencies", diff.tdeps);
    if (!diff.meta.empty()) text += "Metadata\n";
    for (const auto& meta : diff.meta)
        text += fmt::format("  ~ {}: {} -> {}\n", meta.name, first_line(meta.before),
                            first_line(meta.after));
    if (!diff.files.empty()) text += "Files\n";
    for (const auto& file : diff.files) {
        const std::string path = printable(file.path);
        if (!file.before) {
            text += fmt::format("  + {} ({})\n", path, describe(*file.after));
        } else if (!file.after) {
            text += fmt::format("  - {} ({})\n", path, describe(*file.before));
        } else {
            text += fmt::format("  ~ {} ({})\n", path, describe(*file.before, *file.after));
        }
    }
    const auto change = static_cast<std::int64_t>(diff.size_after - diff.size_before);
    text += fmt::format("Size {} -> {} ({}{})\n", human_bytes(diff.size_before),
                        human_bytes(diff.size_after), change < 0 ? "-" : "+",
                        human_bytes(static_cast<std::uint64_t>(change < 0 ? -change : change)));
    return text;
}

Value to_value(const std::optional<ListedFile>& file) {
    if (!file) return {};
    Object object;
    object.set("type", S_ISDIR(file->mode) ? "directory" : S_ISLNK(file->mode) ? "link" : "file");
    object.set("mode", fmt::format("{:04o}", file->mode & 07777));
    object.set("size", static_cast<std::int64_t>(file->size));
    object.set(S_ISLNK(file->mode) ? "target" : "hash", file->content);
    return object;
}

Value to_value(const package::IdentDifference& idents) {
    Object object;
    for (const bool added : {false, true}) {
        Array list;
        for (const auto& ident : added ? idents.added : idents.removed)
            list.emplace_back(ident.to_string());
        object.set(added ? "added" : "removed", std::move(list));
    }
    return object;
}

std::string as_json(const PackageDiff& diff) {
    Array files;
    for (const auto& file : diff.files) {
        Object one;
        one.set("path", file.path);
        one.set("before", to_value(file.before));
        one.set("after", to_value(file.after));
        files.emplace_back(std::move(one));
    }
    Array metadata;
    for (const auto& meta : diff.meta) {
        Object one;
        one.set("name", meta.name);
        one.set("before", meta.before.empty() ? Value() : Value(meta.before));
        one.set("after", meta.after.empty() ? Value() : Value(meta.after));
        metadata.emplace_back(std::move(one));
    }
    Object object;
    object.set("before", diff.before.to_string());
    object.set("after", diff.after.to_string());
    object.set("same", diff.same());
    object.set("size_before", static_cast<std::int64_t>(diff.size_before));
    object.set("size_after", static_cast<std::int64_t>(diff.size_after));
    object.set("deps", to_value(diff.deps));
    object.set("tdeps", to_value(diff.tdeps));
    object.set("metadata", std::move(metadata));
    object.set("files", std::move(files));
    return to_json(object, true);
}

int run(Invocation& invocation) {
    const std::string format = invocation.args.require("format");
    if (format != "text" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not an output format", format),
                    "use --format text or --format json");
    }
    const auto before = read_one(invocation.args.require("BEFORE"), invocation.paths);
    const auto after = read_one(invocation.args.require("AFTER"), invocation.paths);
    const PackageDiff diff = package::diff(before, after);
    invocation.terminal.out(format == "json" ? as_json(diff) : as_text(diff));
    return diff.same() ? 0 : exit_different;
}

}  // namespace

const Command& pkg_diff_command() {
    static constexpr Command command = {
        .path = "pkg diff",
        .summary = "Show what distinguishes two packages",
        .description =
            "Files with sizes, permissions and content, dependencies, other metadata. "
            "Identity, MANIFEST and FILES, which differ between any two builds, do not "
            "count. Artifacts are read without being unpacked or verified.",
        .arguments = arguments,
        .options = options,
        .exit_codes = "3  the packages differ",
        .run = run};
    return command;
}

}  // namespace hab::cli
