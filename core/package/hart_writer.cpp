// SPDX-License-Identifier: Apache-2.0
#include "package/hart_writer.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

#include "base/error.hpp"
#include "package/archive_module.hpp"
#include "package/artifact_output.hpp"

namespace hab::package {
namespace {

std::string from_env(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// The release as a time, if it is a stamp: 14 digits, UTC.
std::optional<WallTime> time_of_release(const std::string& release) {
    std::tm parts{};
    const char* end = ::strptime(release.c_str(), "%Y%m%d%H%M%S", &parts);
    if (release.size() != 14 || end == nullptr || *end != '\0') return std::nullopt;
    return WallTime(std::chrono::seconds(::timegm(&parts)));
}

WallTime newest_mtime(const HartWriteOptions& options, const Ident& ident) {
    if (options.newest_mtime) return *options.newest_mtime;
    const SystemClock clock;
    if (!from_env("SOURCE_DATE_EPOCH").empty()) return source_date(clock);
    return time_of_release(ident.release).value_or(clock.wall());
}

}  // namespace

HartWriteOptions HartWriteOptions::from_environment() {
    HartWriteOptions options;
    options.compression =
        parse_compression(from_env("HAB_HART_COMPRESSION"), from_env("HAB_HART_COMPRESSION_LEVEL"));
    return options;
}

WrittenHart write_hart(const fs::path& tree, const Ident& ident,
                       const crypto::SigningSecretKey& key, const fs::path& out,
                       const HartWriteOptions& options) {
    require_fully_qualified(ident);
    PackOptions pack;
    pack.compression = options.compression;
    pack.threads = options.threads;
    pack.progress = options.progress;
    pack.newest_mtime = std::chrono::duration_cast<std::chrono::seconds>(
                            newest_mtime(options, ident).time_since_epoch())
                            .count();
    const ArchiveModule& module = archive_module();
    ArtifactOutput output(out, key);
    const PackResult packed =
        module.pack(tree, ident.relative_path(), pack,
                    [&](std::span<const std::byte> bytes) { output.append(bytes); });
    WrittenHart written;
    written.payload_hash = output.commit();
    written.path = out;
    written.size = output.size();
    written.content = packed.content;
    written.entries = packed.entries;
    return written;
}

}  // namespace hab::package
