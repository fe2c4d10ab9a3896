// SPDX-License-Identifier: Apache-2.0
#include "package/binlink.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/environment.hpp"

namespace hab::package {
namespace {

constexpr std::string_view wrapper_mark = "#!/bin/sh\n# Made by 'hab pkg binlink --wrapper': ";
constexpr std::size_t max_wrapper = 1u << 20;

/// What is at the place of a link.
struct Occupant {
    enum class Kind { nothing, link, wrapper, foreign };
    Kind kind = Kind::nothing;
    std::string target;  ///< of a link or wrapper
    std::string script;  ///< of a wrapper
};

Occupant look_at(const fs::path& path) {
    if (auto target = read_link(path)) return {Occupant::Kind::link, target->string(), {}};
    const auto status = fs::symlink_status(path);
    if (status.type() == fs::file_type::not_found) return {};
    if (status.type() != fs::file_type::regular || fs::file_size(path) > max_wrapper) {
        return {Occupant::Kind::foreign, {}, {}};
    }
    std::string text = read_file(path, max_wrapper);
    if (!text.starts_with(wrapper_mark)) return {Occupant::Kind::foreign, {}, {}};
    const std::size_t end = text.find('\n', wrapper_mark.size());
    std::string target = text.substr(wrapper_mark.size(), end - wrapper_mark.size());
    return {Occupant::Kind::wrapper, std::move(target), std::move(text)};
}

/// Name -> "/hab/pkgs/…/bin/name" of the programs in the package's PATH.
std::map<std::string, std::string> programs_of(const InstalledPackage& package,
                                               const InstalledPackages& store) {
    std::map<std::string, std::string> programs;
    for (const std::string& dir : package.bin_dirs()) {
        const fs::path real = store.paths().root() / fs::path(dir).relative_path();
        std::error_code error;
        for (fs::directory_iterator it(real, error), end; !error && it != end;
             it.increment(error)) {
            std::error_code dangling;
            if (it->is_directory(dangling)) continue;
            const std::string name = it->path().filename().string();
            programs.try_emplace(name, dir + "/" + name);
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            throw Error::from_errno(fmt::format("cannot list '{}'", real.string()), error.value());
        }
    }
    return programs;
}

std::map<std::string, std::string> choose(std::map<std::string, std::string> programs,
                                          const std::optional<std::string>& binary,
                                          const Ident& ident) {
    if (!binary) return programs;
    const auto found = programs.find(*binary);
    if (found != programs.end()) return {*found};
    throw Error(
        ErrorCode::not_found,
        fmt::format("the package '{}' has no program '{}' in its PATH", ident.to_string(), *binary),
        programs.empty()
            ? "it has no programs at all: its dependencies may have the one you look for"
            : fmt::format("'hab pkg binlink {}' without a name links all {} programs",
                          ident.to_string(), programs.size()));
}

/// One link to be made; `script` is empty for a bare link.
struct Plan {
    Binlink link;
    Occupant there;
    std::string script;

    [[nodiscard]] bool same_target() const { return there.target == link.target; }
    [[nodiscard]] bool same() const {
        return same_target() && there.script == script &&
               (there.kind == Occupant::Kind::link) == script.empty();
    }
};

void make_link(const fs::path& path, const std::string& target, bool replace) {
    const auto refuse = [&] {
        throw Error::from_errno(fmt::format("cannot make the link '{}'", path.string()));
    };
    if (!replace) {
        if (::symlink(target.c_str(), path.c_str()) != 0) refuse();
        return;
    }
    // A link cannot be locked. With the directory locked, what bears this name was left by a death.
    const UniqueFd dir = open_file(path.parent_path(), O_RDONLY | O_DIRECTORY);
    if (::flock(dir.get(), LOCK_EX) != 0)
        throw Error::from_errno(fmt::format("cannot lock '{}'", path.parent_path().string()));
    const fs::path temporary =
        path.parent_path() / fmt::format(".{}.hab-link.tmp", path.filename().string());
    if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) refuse();
    if (::symlink(target.c_str(), temporary.c_str()) != 0) refuse();
    try {
        rename_path(temporary, path);
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
}

void carry_out(Plan& plan, bool force) {
    const bool free = plan.there.kind == Occupant::Kind::nothing;
    if (!free && plan.same()) {
        plan.link.result = BinlinkResult::unchanged;
    } else if (!free && !plan.same_target() && !force) {
        plan.link.result = BinlinkResult::kept;
        plan.link.found = plan.there.target;
    } else if (plan.script.empty()) {
        make_link(plan.link.path, plan.link.target, !free);
    } else {
        write_file_atomic(plan.link.path, plan.script, WriteOptions{.mode = 0755});
    }
}

bool is_shell_name(std::string_view key) {
    const auto letter = [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return !key.empty() && letter(key.front()) && std::all_of(key.begin(), key.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9');
    });
}

}  // namespace

std::string wrapper_script(const InstalledPackage& package, const InstalledPackages& store,
                           const std::string& target) {
    std::string script = fmt::format("{}{}\n", wrapper_mark, target);
    std::string path;
    for (const auto& [key, value] : runtime_environment(package, store)) {
        if (!is_shell_name(key)) {
            throw Error(ErrorCode::unsupported,
                        fmt::format("cannot write a wrapper for '{}': no shell can set the "
                                    "variable '{}' of its environment",
                                    package.ident().to_string(), key),
                        "make a bare link, and start the program with 'hab pkg exec'");
        }
        const std::string quoted = shell_quote(value);
        if (key == "PATH") {
            path = fmt::format("export PATH={}\"${{PATH:+:$PATH}}\"\n", quoted);
        } else if (key == "SSL_CERT_FILE") {  // the caller's wins, as in `hab pkg exec`
            script += fmt::format("[ -n \"${{{}:-}}\" ] || export {}={}\n", key, key, quoted);
        } else {
            script += fmt::format("export {}={}\n", key, quoted);
        }
    }
    return script + path + fmt::format("exec {} \"$@\"\n", shell_quote(target));
}

std::vector<Binlink> binlink(const InstalledPackage& package, const InstalledPackages& store,
                             const std::optional<std::string>& binary,
                             const BinlinkOptions& options) {
    const fs::path dir = store.paths().root() / options.dir.relative_path();
    std::vector<Plan> plans;
    // Everything is looked at before anything is changed: an error leaves no half of the links.
    for (auto& [name, target] : choose(programs_of(package, store), binary, package.ident())) {
        Plan plan{{dir / name, target, BinlinkResult::made, {}}, look_at(dir / name), {}};
        if (options.wrapper) plan.script = wrapper_script(package, store, target);
        if (plan.there.kind == Occupant::Kind::foreign) {
            throw Error(ErrorCode::already_exists,
                        fmt::format("cannot link '{}': a file that is no link of a package is in "
                                    "the way",
                                    plan.link.path.string()),
                        "move it away, or choose another directory with --dest");
        }
        plans.push_back(std::move(plan));
    }
    make_directories(dir);
    std::vector<Binlink> links;
    for (Plan& plan : plans) {
        carry_out(plan, options.force);
        links.push_back(std::move(plan.link));
    }
    return links;
}

}  // namespace hab::package
