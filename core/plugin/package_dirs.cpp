// SPDX-License-Identifier: Apache-2.0
// One line for each directory: "CTIME PATH", nanoseconds since 1970 and a path below the store ("" is
// the store, then origins, packages and versions); "+ PATH" for each directory of plugins.
#include "plugin/package_dirs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

#include "base/unique_fd.hpp"
#include "plugin/catalogue.hpp"

namespace hab::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "plugin-dirs 1";
/// File systems stamp with a clock that ticks every few milliseconds; network ones are coarser.
constexpr std::chrono::seconds settled{2};

std::optional<std::int64_t> changed_at(int store, const std::string& path) {
    struct stat status{};
    const int flags = path.empty() ? AT_EMPTY_PATH : 0;
    if (::fstatat(store, path.c_str(), &status, flags) != 0 || !S_ISDIR(status.st_mode))
        return std::nullopt;
    return std::int64_t{status.st_ctim.tv_sec} * 1'000'000'000 + status.st_ctim.tv_nsec;
}

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return line;
}

/// The directories of plugins in `remembered`, if nothing has changed since.
std::optional<std::vector<fs::path>> recall(const fs::path& pkgs, int store,
                                            std::string_view remembered) {
    if (take_line(remembered) != first_line) return std::nullopt;
    std::vector<fs::path> found;
    std::string path;
    while (!remembered.empty()) {
        const auto line = take_line(remembered);
        const auto space = line.find(' ');
        if (space == line.npos) return std::nullopt;
        path = line.substr(space + 1);
        if (line.starts_with('+')) {
            found.push_back(pkgs / path);
            continue;
        }
        std::int64_t time = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + space, time);
        if (error != std::errc{} || end != line.data() + space) return std::nullopt;
        if (changed_at(store, path) != time) return std::nullopt;
    }
    return found;
}

/// Reads the directories of a store and notes when each was changed last.
class Look {
public:
    Look(const fs::path& pkgs, std::int64_t newest) : top_(pkgs.native() + '/'), newest_(newest) {}

    std::vector<fs::path> plugin_dirs() {
        std::vector<fs::path> found;
        for (const auto& origin : by_name({})) {
            for (const auto& package : by_name(origin)) {
                if (auto directory = newest_plugin_dir(origin + '/' + package))
                    found.push_back(*directory);
            }
        }
        return found;
    }
    /// A line for each directory that the answer depends on; nothing if they cannot be relied upon.
    [[nodiscard]] const std::string* times() const { return relied_upon_ ? &times_ : nullptr; }

private:
    /// Names in a directory, newest version first; nothing if it cannot be read.
    std::vector<std::string> newest_first(const std::string& path) {
        std::vector<std::string> found;
        const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir((top_ + path).c_str()), ::closedir);
        if (!dir) {
            relied_upon_ = relied_upon_ && errno == ENOTDIR;
            return found;
        }
        // First the time: what changes while we read is read again the next time.
        note(::dirfd(dir.get()), path);
        while (const dirent* entry = ::readdir(dir.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") found.emplace_back(name);
        }
        std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
            return ::strverscmp(a.c_str(), b.c_str()) > 0;
        });
        return found;
    }

    std::vector<std::string> by_name(const std::string& path) {
        auto names = newest_first(path);
        std::sort(names.begin(), names.end());
        return names;
    }

    /// Of the newest release that has one. Releases that are older are not looked at.
    std::optional<fs::path> newest_plugin_dir(const std::string& package) {
        std::error_code ec;
        for (const auto& version : newest_first(package)) {
            const std::string version_dir = package + '/' + version;
            for (const auto& release : newest_first(version_dir)) {
                const std::string release_dir = top_ + version_dir + '/' + release;
                if (::access((release_dir + "/PLUGINS").c_str(), F_OK) != 0) continue;
                auto directory = fs::path(release_dir) / "lib/hab/plugins/1";
                if (fs::is_directory(directory, ec)) return directory;
            }
        }
        return std::nullopt;
    }

    void note(int fd, const std::string& path) {
        const auto time = changed_at(fd, {});
        relied_upon_ = relied_upon_ && time && *time <= newest_ && path.find('\n') == path.npos;
        if (relied_upon_) times_ += fmt::format("{} {}\n", *time, path);
    }

    std::string top_;  ///< the store, with a slash
    std::int64_t newest_;
    std::string times_;
    bool relied_upon_ = true;
};

}  // namespace

PackageDirs find_package_dirs(const fs::path& pkgs, std::string_view remembered, WallTime now) {
    const UniqueFd store(::open(pkgs.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!store) return {};
    if (auto known = recall(pkgs, store.get(), remembered)) return {std::move(*known), {}};
    const auto newest =
        std::chrono::duration_cast<std::chrono::nanoseconds>((now - settled).time_since_epoch());
    Look look(pkgs, newest.count());
    PackageDirs out{look.plugin_dirs(), {}};
    if (const auto* times = look.times()) {
        out.to_remember = fmt::format("{}\n{}", first_line, *times);
        for (const auto& dir : out.plugin_dirs)
            out.to_remember += fmt::format("+ {}\n", dir.lexically_relative(pkgs).native());
    }
    return out;
}

std::vector<fs::path> package_plugin_dirs(const fs::path& pkgs) {
    return Look(pkgs, 0).plugin_dirs();
}

}  // namespace hab::plugin
