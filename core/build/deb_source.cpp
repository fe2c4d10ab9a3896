// SPDX-License-Identifier: Apache-2.0
#include "build/deb_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "build/apt.hpp"
#include "crypto/hash.hpp"

namespace hab::build {

namespace {

constexpr std::string_view scheme = "deb:";
constexpr std::string_view src_scheme = "deb-src:";

bool is_lower_alnum(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Debian Policy 5.6.7: lower case letters, digits, + - . and at least two characters.
bool is_package_name(std::string_view name) noexcept {
    return name.size() >= 2 && is_lower_alnum(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return is_lower_alnum(c) || c == '+' || c == '-' || c == '.';
           });
}

// Debian Policy 5.6.12.
bool is_package_version(std::string_view version) noexcept {
    return !version.empty() && version.front() >= '0' && version.front() <= '9' &&
           std::all_of(version.begin(), version.end(), [](char c) {
               return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') ||
                      std::string_view("+-.~:").find(c) != std::string_view::npos;
           });
}

void copy_atomically(const fs::path& from, const fs::path& to) {
    make_directories(to.parent_path());
    const TempDir temp(".deb-", to.parent_path());
    const auto copy = temp.path() / "file";
    std::error_code error;
    fs::copy_file(from, copy, error);
    if (error) {
        throw Error::from_errno(fmt::format("cannot copy '{}' to '{}'", from.string(), to.string()),
                                error.value());
    }
    rename_path(copy, to);
}

DebSpec parse_spec(std::string_view source, std::string_view scheme_name,
                   std::string_view example) {
    DebSpec spec;
    bool good = source.starts_with(scheme_name);
    if (good) {
        const auto rest = source.substr(scheme_name.size());
        const auto equals = rest.find('=');
        spec.name = rest.substr(0, equals);
        good = is_package_name(spec.name);
        if (equals != std::string_view::npos) {
            spec.version = std::string(rest.substr(equals + 1));
            good = good && is_package_version(*spec.version);
        }
    }
    if (!good) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("'{}' does not name a Debian package", source),
                    fmt::format("Write {0}NAME or {0}NAME=VERSION, for example {0}{1}.",
                                scheme_name, example));
    }
    return spec;
}

/// 'URL' FILE SIZE SHA256:HEX
std::optional<DebFile> parse_uri_line(std::string_view line) {
    const auto words = split(trim(line), ' ');
    if (words.size() != 4 || !words[0].starts_with('\'') || !words[3].starts_with("SHA256:")) {
        return std::nullopt;
    }
    const auto size = parse_u64(words[2]);
    const auto sha256 = to_lower(words[3].substr(7));
    const bool plain_name =
        !words[1].starts_with('.') && words[1].find('/') == std::string_view::npos;
    if (!size || !plain_name || sha256.size() != 64) return std::nullopt;
    return DebFile{std::string(words[1]), *size, sha256};
}

Error missing(const DebSpec& spec) {
    return {ErrorCode::not_found,
            fmt::format("cannot fetch Debian package '{}': the machine's package sources do not "
                        "have it",
                        spec.text()),
            fmt::format("Check the name, the version and /etc/apt/sources.list; 'apt-cache policy "
                        "{}' shows what this machine knows.",
                        spec.name)};
}

}  // namespace

std::string DebSpec::text() const {
    return version ? name + "=" + *version : name;
}

bool is_deb_source(std::string_view source) noexcept {
    return source.starts_with(scheme);
}

bool is_deb_src_source(std::string_view source) noexcept {
    return source.starts_with(src_scheme);
}

DebSpec parse_deb_source(std::string_view source) {
    return parse_spec(source, scheme, "zlib1g");
}

DebSpec parse_deb_src_source(std::string_view source) {
    return parse_spec(source, src_scheme, "zlib");
}

std::optional<DebFile> parse_print_uris(std::string_view text) {
    for (const auto line : split(text, '\n')) {
        auto file = parse_uri_line(line);
        if (file && file->file_name.ends_with(".deb")) return file;
    }
    return std::nullopt;
}

std::vector<DebFile> parse_source_uris(std::string_view text) {
    std::vector<DebFile> files;
    for (const auto line : split(text, '\n')) {
        if (auto file = parse_uri_line(line)) files.push_back(std::move(*file));
    }
    return files;
}

DebSourceOptions DebSourceOptions::from_environment(const fs::path& hab_cache) {
    DebSourceOptions options;
    const char* own = std::getenv("HAB_DEB_CACHE_PATH");
    options.state_dir = own != nullptr && *own != '\0' ? fs::path(own) : hab_cache / "deb";
    options.env = sandbox::current_environment();
    return options;
}

DebSource::DebSource(DebSourceOptions options) : options_(std::move(options)) {
    options_.state_dir = fs::absolute(options_.state_dir);
}

std::string DebSource::fetch(const DebSpec& spec, const fs::path& destination) {
    const AptState state{options_.state_dir};
    make_directories(state.dir);
    const auto lock = lock_state(state);
    prepare(AptKind::binary);
    const auto file = obtain(spec);
    copy_atomically(state.archives() / file.file_name, destination);
    return file.file_name;
}

void DebSource::prepare(AptKind kind) const {
    const bool changed = prepare_apt_state(AptState{options_.state_dir}, options_.apt_etc, kind);
    if (changed || !lists_are_fresh()) refresh_lists();
}

DebFile DebSource::obtain(const DebSpec& spec) const {
    auto file = locate(spec);
    if (file && is_cached(*file)) {
        return *file;
    }
    if (file) {
        try {
            download(spec, *file);
            return *file;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::io) {
                throw;
            }
            // The archive may have moved on since the lists were fetched: look again, once.
        }
    }
    refresh_lists();
    file = locate(spec);
    if (!file) {
        throw missing(spec);
    }
    if (!is_cached(*file)) {
        download(spec, *file);
    }
    return *file;
}

bool DebSource::lists_are_fresh() const {
    std::error_code error;
    const auto written = fs::last_write_time(AptState{options_.state_dir}.stamp(), error);
    return !error && fs::file_time_type::clock::now() - written < options_.max_age;
}

void DebSource::refresh_lists() const {
    const AptState state{options_.state_dir};
    const auto result = run_apt_get(state, options_.env, {"update"}, state.dir);
    if (result.exit_code == 0) {
        write_file_atomic(state.stamp(), "");
        return;
    }
    if (fs::exists(state.stamp())) {
        // Offline: the lists of last time still name what is in the archive cache.
        log::warn("deb", "cannot refresh the Debian package lists ({}); using the ones at hand",
                  result.reason());
        return;
    }
    throw Error(ErrorCode::io,
                fmt::format("cannot refresh the Debian package lists: {}", result.reason()),
                "Check the network and the machine's package sources with 'apt-get update'.");
}

std::optional<DebFile> DebSource::locate(const DebSpec& spec) const {
    const AptState state{options_.state_dir};
    const auto result =
        run_apt_get(state, options_.env, {"download", "--print-uris", spec.text()}, state.dir);
    return result.exit_code == 0 ? parse_print_uris(result.out) : std::nullopt;
}

bool DebSource::is_cached(const DebFile& file) const {
    const auto path = AptState{options_.state_dir}.archives() / file.file_name;
    std::error_code error;
    return fs::file_size(path, error) == file.size && !error &&
           crypto::sha256_hex_of_file(path.string()) == file.sha256;
}

void DebSource::download(const DebSpec& spec, const DebFile& file) const {
    const AptState state{options_.state_dir};
    const TempDir temp("fetch-", state.archives());
    const auto result = run_apt_get(state, options_.env, {"download", spec.text()}, temp.path());
    if (result.exit_code != 0) {
        throw Error(
            ErrorCode::io,
            fmt::format("cannot fetch Debian package '{}': {}", spec.text(), result.reason()),
            "Check the network and the machine's package sources with 'apt-get update'.");
    }
    rename_path(temp.path() / file.file_name, state.archives() / file.file_name);
    if (!is_cached(file)) {
        fs::remove(state.archives() / file.file_name);
        throw Error(ErrorCode::crypto,
                    fmt::format("Debian package '{}' is not what the package lists say: its size "
                                "or SHA-256 differs",
                                spec.text()),
                    "Try again; if it stays, the mirror or a proxy between is broken.");
    }
}

}  // namespace hab::build
