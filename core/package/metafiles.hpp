// SPDX-License-Identifier: Apache-2.0
// The small files at the top of a package that say what it is. docs/formats/metafiles.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "package/ident.hpp"

namespace hab::package {

/// Names of metafiles that more than one room uses.
namespace metafile {
inline constexpr std::string_view ident = "IDENT";
inline constexpr std::string_view target = "TARGET";
inline constexpr std::string_view package_type = "PACKAGE_TYPE";
inline constexpr std::string_view deps = "DEPS";
inline constexpr std::string_view tdeps = "TDEPS";
inline constexpr std::string_view build_deps = "BUILD_DEPS";
inline constexpr std::string_view build_tdeps = "BUILD_TDEPS";
inline constexpr std::string_view path = "PATH";
inline constexpr std::string_view runtime_path = "RUNTIME_PATH";
inline constexpr std::string_view runtime_environment = "RUNTIME_ENVIRONMENT";
inline constexpr std::string_view exports = "EXPORTS";
inline constexpr std::string_view exposes = "EXPOSES";
inline constexpr std::string_view binds = "BINDS";
inline constexpr std::string_view binds_optional = "BINDS_OPTIONAL";
inline constexpr std::string_view svc_user = "SVC_USER";
inline constexpr std::string_view svc_group = "SVC_GROUP";
inline constexpr std::string_view shutdown_signal = "SHUTDOWN_SIGNAL";
inline constexpr std::string_view shutdown_timeout = "SHUTDOWN_TIMEOUT";
inline constexpr std::string_view cflags = "CFLAGS";
inline constexpr std::string_view ldflags = "LDFLAGS";
inline constexpr std::string_view ld_run_path = "LD_RUN_PATH";
inline constexpr std::string_view interpreters = "INTERPRETERS";
inline constexpr std::string_view files = "FILES";
inline constexpr std::string_view manifest = "MANIFEST";
inline constexpr std::string_view install_hook_status = "INSTALL_HOOK_STATUS";
inline constexpr std::string_view default_toml = "default.toml";
/// Ours: which template engine and mode the package's templates are written for, whether a missing
/// value is an error ("true"), and plugins it wants.
inline constexpr std::string_view template_engine = "TEMPLATE_ENGINE";
inline constexpr std::string_view template_mode = "TEMPLATE_MODE";
inline constexpr std::string_view template_strict = "TEMPLATE_STRICT";
inline constexpr std::string_view plugins = "PLUGINS";
}  // namespace metafile

/// Largest metafile that is read; a larger one is refused. FILES has a line for every file.
inline constexpr std::size_t max_metafile_size = 4u << 20;
inline constexpr std::size_t max_files_size = 64u << 20;

/// "KEY=value" lines in file order.
using KeyValues = std::vector<std::pair<std::string, std::string>>;
/// A bind and the exports it needs: "database=port host".
struct Bind {
    std::string name;
    std::vector<std::string> exports;
    bool operator==(const Bind&) const = default;
};

/// The forms metafiles have. All throw invalid_input naming `what` and the line. Blank lines are
/// skipped.
[[nodiscard]] std::vector<Ident> parse_ident_lines(std::string_view text, std::string_view what);
[[nodiscard]] KeyValues parse_key_values(std::string_view text, std::string_view what);
[[nodiscard]] std::vector<Bind> parse_binds(std::string_view text, std::string_view what);
[[nodiscard]] std::vector<std::uint16_t> parse_ports(std::string_view text, std::string_view what);

/// Reads the metafiles of one package directory on demand; caches nothing. Content is trimmed, an
/// absent file is an empty text. Links are not followed. Throws io errors, and invalid_input for one
/// that is no file, too large or not UTF-8.
class Metafiles {
public:
    explicit Metafiles(fs::path dir) : dir_(std::move(dir)) {}

    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }
    [[nodiscard]] std::optional<std::string> read(std::string_view name) const;
    [[nodiscard]] std::string read_or_empty(std::string_view name) const;
    [[nodiscard]] std::vector<Ident> idents(std::string_view name) const;
    [[nodiscard]] KeyValues key_values(std::string_view name) const;
    [[nodiscard]] std::vector<Bind> binds(std::string_view name) const;
    /// Entries of a ':' list, empty ones left out.
    [[nodiscard]] std::vector<std::string> path_list(std::string_view name) const;

private:
    fs::path dir_;
};

/// Writes `dir/name` with exactly one newline at the end; nothing is written for an empty text (an
/// older file of that name is removed). Mode 0644. For the build; not durable on its own.
void write_metafile(const fs::path& dir, std::string_view name, std::string_view content);
void write_metafile(const fs::path& dir, std::string_view name, const std::vector<Ident>& idents);

}  // namespace hab::package
