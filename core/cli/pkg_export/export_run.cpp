// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg_export/export_run.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "cli/pkg_export/export_options.hpp"
#include "crypto/key_cache.hpp"
#include "host/session.hpp"
#include "package/artifact_directory.hpp"
#include "package/install.hpp"
#include "sandbox/interrupt.hpp"

namespace hab::cli {
namespace {

bool is_artifact(const std::string& word) {
    std::error_code missing;
    return word.ends_with(".hart") || fs::is_regular_file(word, missing);
}

/// A .hart file is installed first, so that its content has been verified like any other package's.
package::Ident install(const Invocation& invocation, const std::string& file) {
    package::ArtifactDirectory cache(invocation.paths.artifact_cache());
    const fs::path dir = fs::path(file).parent_path();
    package::ArtifactDirectory beside(dir.empty() ? fs::path(".") : dir);
    package::Installer installer(package::InstalledPackages(invocation.paths),
                                 crypto::KeyCache(invocation.paths.key_cache()), {&cache, &beside});
    invocation.terminal.status("Installing", file);
    return installer.install_file(file).package.ident();
}

std::vector<std::string> find_packages(const Invocation& invocation, const Arguments& args) {
    const package::InstalledPackages store(invocation.paths);
    std::vector<std::string> idents;
    for (const std::string& word : args.all("PKG_IDENT_OR_ARTIFACT")) {
        const package::Ident ident = is_artifact(word)
                                         ? install(invocation, word)
                                         : store.load(package::Ident::parse(word)).ident();
        idents.push_back(ident.to_string());
    }
    return idents;
}

/// SOURCE_DATE_EPOCH; else the time in the package's release, so that exporting the same package
/// twice gives the same bytes.
std::uint64_t epoch_for(const std::string& ident, const Clock& clock) {
    const std::string release = package::Ident::parse(ident).release;
    const char* given = std::getenv("SOURCE_DATE_EPOCH");
    const bool has_epoch = given != nullptr && *given != '\0';
    if (has_epoch || release.size() != 14 || !parse_u64(release)) {
        return static_cast<std::uint64_t>(
            std::chrono::floor<std::chrono::seconds>(source_date(clock))
                .time_since_epoch()
                .count());
    }
    const auto part = [&](std::size_t at, std::size_t size) {
        return static_cast<int>(parse_u64(release.substr(at, size)).value_or(0));
    };
    const std::chrono::year_month_day day{std::chrono::year(part(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                          std::chrono::day(static_cast<unsigned>(part(6, 2)))};
    if (!day.ok()) return 0;  // digits that are no date; any constant is as good
    const auto time = std::chrono::sys_days(day) + std::chrono::hours(part(8, 2)) +
                      std::chrono::minutes(part(10, 2)) + std::chrono::seconds(part(12, 2));
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count()));
}

void report(const Invocation& invocation, const plugin::PluginMeta& meta,
            const plugin::ExportRequest& request, const std::vector<host::Artifact>& artifacts) {
    for (const host::Artifact& artifact : artifacts) {
        std::string line = fmt::format("Exported {}", artifact.path);
        if (artifact.size != 0)
            line += fmt::format(" ({}, {})", human_bytes(artifact.size), artifact.digest);
        invocation.terminal.end(line);
    }
    write_file_atomic(request.output_dir / fmt::format("last_{}_export.env", meta.id),
                      host::results_env(meta.id, request.idents.front(), artifacts));
}

}  // namespace

int run_export(Invocation& invocation, const plugin::PluginMeta& meta, const Arguments& args) {
    sandbox::Interrupt interrupt;
    host::Session session(
        {.paths = invocation.paths,
         .plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()},
         .reporter = std::make_shared<host::TerminalReporter>(invocation.terminal),
         .cancelled = [&] { return interrupt.requested(); }});
    // Options first: a mistake in them is told before anything is installed.
    const plugin::Exporter exporter =
        session.registry().exporter(meta.id, given_options(meta, args));
    plugin::ExportRequest request;
    request.idents = find_packages(invocation, args);
    request.output_dir = fs::absolute(args.require("output-dir")).lexically_normal();
    request.source_epoch = epoch_for(request.idents.front(), invocation.clock);
    request.overwrite = args.flag("overwrite");
    if (args.flag("dry-run")) {
        invocation.terminal.out(exporter.plan(request) + "\n");
        return 0;
    }
    invocation.terminal.begin(
        fmt::format("Exporting {} with {}", request.idents.front(), meta.label()));
    make_directories(request.output_dir);
    const TempDir work("hab-export-");
    request.work_dir = work.path();
    exporter.run(request);
    report(invocation, meta, request, session.artifacts());
    return 0;
}

}  // namespace hab::cli
