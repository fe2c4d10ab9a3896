// SPDX-License-Identifier: Apache-2.0
#include "plugin/catalogue.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hab/plugin.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/strings.hpp"
#include "base/unique_fd.hpp"
#include "plugin/elf_section.hpp"
#include "plugin/trust.hpp"

namespace hab::plugin {
namespace {

namespace fs = std::filesystem;

/// Collects rows while the places of a SearchPlan are visited in order.
class Collector {
public:
    explicit Collector(const SearchPlan& plan) : plan_(plan) {}

    void directory(const fs::path& directory, Source source) {
        std::error_code ec;
        std::vector<fs::path> files;
        for (fs::directory_iterator it(directory, ec), end; !ec && it != end; it.increment(ec)) {
            const auto name = it->path().filename().string();
            if (name.starts_with("hab-") && name.ends_with(".so")) files.push_back(it->path());
        }
        if (ec && ec != std::errc::no_such_file_or_directory) {
            bad_row(directory, source, State::broken,
                    fmt::format("cannot read this directory: {}", ec.message()));
        }
        std::sort(files.begin(), files.end());
        for (const auto& path : files)
            file(path, source);
    }

    void file(const fs::path& named, Source source) {
        std::error_code ec;
        const auto path = fs::canonical(named, ec);
        if (ec) return bad_row(named, source, State::broken, ec.message());
        // O_NONBLOCK: a FIFO of that name must not stop the listing.
        const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        struct stat status{};
        if (!fd || ::fstat(fd.get(), &status) != 0) {
            return bad_row(path, source, State::broken, std::strerror(errno));
        }
        if (seen(status)) return;
        if (!S_ISREG(status.st_mode)) {
            return bad_row(path, source, State::broken, "not a regular file");
        }
        try {
            read(fd.get(), named, path, source, status);
        } catch (const Error& error) {
            bad_row(path, source, State::broken, error.message());
        }
    }

    std::vector<Candidate> finish() { return std::move(rows_); }

private:
    bool seen(const struct stat& status) {
        const std::pair key(status.st_dev, status.st_ino);
        if (std::find(seen_.begin(), seen_.end(), key) != seen_.end()) return true;
        seen_.push_back(key);
        return false;
    }

    void bad_row(const fs::path& path, Source source, State state, std::string reason) {
        Candidate row;
        row.id = path.filename().string();
        row.path = path;
        row.source = source;
        row.state = state;
        row.reason = std::move(reason);
        rows_.push_back(std::move(row));
    }

    /// Why the file may not be loaded: its own place and, behind a link, the place it was named in.
    std::optional<std::string> distrust(const fs::path& named, const fs::path& path,
                                        const struct stat& status) const {
        if (auto reason = distrust_reason(path, status, plan_.effective_uid)) return reason;
        std::error_code ec;
        const auto directory = fs::canonical(fs::absolute(named).parent_path(), ec);
        if (ec || directory == path.parent_path()) return std::nullopt;
        return distrust_reason(directory / named.filename(), status, plan_.effective_uid);
    }

    void read(int fd, const fs::path& named, const fs::path& path, Source source,
              const struct stat& status) {
        auto section = read_elf_section(fd, HAB_METADATA_SECTION_NAME);
        if (section.status != ElfStatus::ok) {
            const bool arch = section.status == ElfStatus::wrong_arch;
            return bad_row(path, source, arch ? State::wrong_arch : State::broken,
                           std::move(section.reason));
        }
        const auto untrusted = distrust(named, path, status);
        for (auto& meta : parse_metadata(section.data)) {
            Candidate row;
            row.kind = meta.kind;
            row.id = meta.id;
            row.meta = std::move(meta);
            row.path = path;
            row.source = source;
            row.device = status.st_dev;
            row.inode = status.st_ino;
            judge(row, untrusted);
            rows_.push_back(std::move(row));
        }
    }

    void judge(Candidate& row, const std::optional<std::string>& untrusted) const {
        const auto& meta = row.meta;
        row.state = State::ok;
        if (meta.abi_major != HAB_ABI_MAJOR || meta.min_host_minor > HAB_ABI_MINOR) {
            row.state = State::wrong_abi;
            row.reason =
                fmt::format("plugin needs abi {}.{}, this hab speaks {}.{}", meta.abi_major,
                            meta.abi_major == HAB_ABI_MAJOR ? meta.min_host_minor : meta.abi_minor,
                            HAB_ABI_MAJOR, HAB_ABI_MINOR);
            return;
        }
        if (untrusted) {
            row.state = State::untrusted;
            row.reason = *untrusted;
            return;
        }
        const auto name = fmt::format("{}/{}", to_string(meta.kind), meta.id);
        if (std::find(plan_.disabled.begin(), plan_.disabled.end(), name) != plan_.disabled.end()) {
            row.state = State::disabled;
            row.reason = "switched off by HAB_PLUGIN_DISABLE";
            return;
        }
        for (const auto& earlier : rows_) {
            if (earlier.state != State::ok || earlier.kind != row.kind || earlier.id != row.id) {
                continue;
            }
            row.state = State::shadowed;
            row.reason =
                fmt::format("by {} copy {}", to_string(earlier.source), earlier.meta.version);
            return;
        }
    }

    const SearchPlan& plan_;
    std::vector<Candidate> rows_;
    std::vector<std::pair<dev_t, ino_t>> seen_;
};

/// "exporter myfmt was found but cannot be used: /x/hab-….so: its directory … (untrusted)".
Error rejected(const Candidate& row) {
    return {
        ErrorCode::denied,
        fmt::format("{} cannot be used: {} is {}: {}", row.kind ? row.meta.label() : "plugin file",
                    row.path.string(), to_string(row.state), row.reason),
        "`hab plugin list -a` shows every plugin file with its state"};
}

}  // namespace

std::string_view to_string(Source source) noexcept {
    constexpr std::array<std::string_view, 6> words = {"option",  "env",    "user",
                                                       "package", "system", "builtin"};
    return words[static_cast<std::size_t>(source)];
}

std::string_view to_string(State state) noexcept {
    constexpr std::array<std::string_view, 7> words = {
        "ok", "shadowed", "disabled", "untrusted", "wrong-abi", "wrong-arch", "broken"};
    return words[static_cast<std::size_t>(state)];
}

Catalogue Catalogue::discover(const SearchPlan& plan) {
    Collector collector(plan);
    for (const auto& path : plan.files)
        collector.file(path, Source::option);
    for (const auto& path : plan.env_dirs)
        collector.directory(path, Source::env);
    if (plan.user_dir) collector.directory(*plan.user_dir, Source::user);
    for (const auto& path : plan.package_dirs)
        collector.directory(path, Source::package);
    for (const auto& path : plan.system_dirs)
        collector.directory(path, Source::system);
    if (plan.builtin_dir) collector.directory(*plan.builtin_dir, Source::builtin);
    Catalogue catalogue;
    catalogue.rows_ = collector.finish();
    return catalogue;
}

const Candidate* Catalogue::find(Kind kind, std::string_view id) const noexcept {
    for (const auto& row : rows_) {
        if (row.state == State::ok && row.kind == kind && row.id == id) return &row;
    }
    return nullptr;
}

const Candidate& Catalogue::require(Kind kind, std::string_view id) const {
    // A file that the user named on the command line must not be passed over in silence.
    for (const auto& row : rows_) {
        if (row.source == Source::option && row.state != State::ok &&
            row.state != State::shadowed) {
            throw rejected(row);
        }
    }
    if (const auto* row = find(kind, id)) return *row;
    for (const auto& row : rows_) {
        if (row.kind == kind && row.id == id) throw rejected(row);
    }
    std::vector<std::string> names;
    for (const auto* row : usable(kind))
        names.push_back(row->id);
    const auto near = nearest(id, names);
    throw Error(ErrorCode::not_found,
                fmt::format("there is no {} plugin '{}'", to_string(kind), id),
                near            ? fmt::format("did you mean '{}'?", *near)
                : names.empty() ? "no plugin of that kind is installed; see `hab plugin list -a`"
                                : fmt::format("there are: {}", join(names, ", ")));
}

std::vector<const Candidate*> Catalogue::usable(Kind kind) const {
    std::vector<const Candidate*> found;
    for (const auto& row : rows_) {
        if (row.state == State::ok && row.kind == kind) found.push_back(&row);
    }
    return found;
}

}  // namespace hab::plugin
