// SPDX-License-Identifier: Apache-2.0
// Source scheme "deb:NAME[=VERSION]": Debian binary packages, fetched and authenticated by apt with
// a state of its own, so that a build neither needs nor changes what the machine has installed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "build/apt.hpp"
#include "sandbox/spec.hpp"

namespace hab::build {

/// What a "deb:" source names.
struct DebSpec {
    std::string name;                    ///< Debian package name, e.g. "libc6"
    std::optional<std::string> version;  ///< full Debian version, e.g. "2.36-9+deb12u10"

    /// As apt takes it: NAME or NAME=VERSION.
    [[nodiscard]] std::string text() const;
};

/// Whether a pkg_source is deb-src:NAME[=VERSION], a Debian source package.
[[nodiscard]] bool is_deb_src_source(std::string_view source) noexcept;
/// As parse_deb_source, for deb-src:.
[[nodiscard]] DebSpec parse_deb_src_source(std::string_view source);
/// Whether a pkg_source uses the scheme.
[[nodiscard]] bool is_deb_source(std::string_view source) noexcept;
/// Throws Error(invalid_input) for anything that is not deb:NAME or deb:NAME=VERSION with the
/// characters that Debian policy allows (so nothing in it can be an option or a path).
[[nodiscard]] DebSpec parse_deb_source(std::string_view source);

/// One line of `apt-get download --print-uris`.
struct DebFile {
    std::string file_name;  ///< as apt names it: libc6_2.36-9+deb12u10_amd64.deb
    std::uintmax_t size = 0;
    std::string sha256;  ///< lower-case hex
};
/// Nothing if the text has no such line. Lines that do not follow the form are skipped.
[[nodiscard]] std::optional<DebFile> parse_print_uris(std::string_view text);

/// The files of a source package, from `apt-get source --print-uris`.
[[nodiscard]] std::vector<DebFile> parse_source_uris(std::string_view text);

/// Where a DebSource keeps its things and how it reaches apt.
struct DebSourceOptions {
    /// Own lists, configuration and archives; created when needed. HAB_DEB_CACHE_PATH, else
    /// <hab cache>/deb.
    std::filesystem::path state_dir;
    /// The machine's apt configuration, read and never written.
    std::filesystem::path apt_etc = "/etc/apt";
    /// Lists older than this are refreshed first; a failing refresh is fatal only without lists.
    std::chrono::hours max_age{24};
    /// Environment that apt-get gets; its PATH finds it.
    sandbox::Environment env;

    [[nodiscard]] static DebSourceOptions from_environment(const std::filesystem::path& hab_cache);
};

/// Fetches packages. Not thread-safe; several processes may share a state directory (file lock).
class DebSource {
public:
    explicit DebSource(DebSourceOptions options);

    /// Puts the package file at `destination` (atomically, replacing what is there) and returns its
    /// apt file name. Taken from the archive cache when the index still names the same bytes.
    /// apt authenticates the index by its signature and the file by the index; the file is checked
    /// against the index once more here. Throws unsupported (no apt), not_found (no such package or
    /// version), crypto (wrong bytes), io.
    std::string fetch(const DebSpec& spec, const std::filesystem::path& destination);
    /// The same for a source package: its tree, with Debian's patches applied, as a tar file with
    /// one directory `top`. The same package gives the same bytes. Returns the name of its .dsc.
    /// Also throws unsupported without dpkg-source (Debian package dpkg-dev).
    std::string fetch_source(const DebSpec& spec, const std::string& top,
                             const std::filesystem::path& destination);

private:
    void prepare(AptKind kind) const;
    [[nodiscard]] std::vector<DebFile> locate_source(const DebSpec& spec) const;
    [[nodiscard]] std::vector<DebFile> obtain_source(const DebSpec& spec) const;
    void download_source(const DebSpec& spec, const std::vector<DebFile>& files) const;
    void pack_tree(const std::filesystem::path& dsc, const std::string& top,
                   const std::filesystem::path& destination) const;
    [[nodiscard]] bool lists_are_fresh() const;
    void refresh_lists() const;
    [[nodiscard]] std::optional<DebFile> locate(const DebSpec& spec) const;
    [[nodiscard]] bool is_cached(const DebFile& file) const;
    void download(const DebSpec& spec, const DebFile& file) const;
    DebFile obtain(const DebSpec& spec) const;

    DebSourceOptions options_;
};

}  // namespace hab::build
