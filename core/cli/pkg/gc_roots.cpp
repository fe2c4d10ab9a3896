// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/gc_roots.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "base/error.hpp"
#include "cli/pkg/loaded_services.hpp"
#include "package/pins.hpp"
#include "supervisor/spec_store.hpp"

namespace hab::cli {
namespace {

using package::GarbageRoot;
using Roots = std::vector<GarbageRoot>;

/// Wrapper scripts are small; programs are not read to their end.
constexpr std::size_t max_script = std::size_t{64} << 10;

/// Gone since it was listed, or never there: that is no reason to stop.
bool is_absent(const std::error_code& error) {
    return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

/// Who does not know everything that is needed must not remove anything.
Error cannot_tell(std::string_view what, const fs::path& path, const std::error_code& error) {
    return Error::from_errno(
               fmt::format("cannot tell which packages {}: cannot read '{}'", what, path.string()),
               error.value())
        .with_hint("nothing was removed; run it as the user who owns these files");
}

void add_pins(const Paths& paths, Roots& roots) {
    for (package::Ident& ident : package::Pins(paths).list()) {
        std::string reason = ident.fully_qualified()
                                 ? std::string("it is pinned")
                                 : fmt::format("the pin {} names it", ident.to_string());
        roots.push_back({std::move(ident), false, std::move(reason)});
    }
}

void add_services(const Paths& paths, Roots& roots) {
    const supervisor::SpecStore specs(paths.sup() / "specs");
    std::error_code error;
    const bool there = fs::exists(specs.dir(), error);
    if (error) throw cannot_tell("services need", specs.dir(), error);
    if (!there) return;
    const auto contents = specs.load_all();
    if (!contents.errors.empty()) {
        throw contents.errors.front().in("cannot tell which packages services need");
    }
    for (const auto& [name, spec] : contents.specs)
        roots.push_back({spec.ident, true, fmt::format("the service {} is loaded", name)});
}

void add_loaded(const Paths& paths, Roots& roots) {
    for (package::Ident& ident : loaded_services(paths))
        roots.push_back({std::move(ident), false, "the running Supervisor has it loaded"});
}

/// Text that may name packages: where a link leads, or a script.
std::string text_of(const fs::directory_entry& entry) {
    std::error_code error;
    const fs::file_status status = entry.symlink_status(error);
    if (!error && fs::is_symlink(status)) {
        const fs::path target = fs::read_symlink(entry.path(), error);
        if (!error) return target.string();
    }
    if (!error && fs::is_regular_file(status) && entry.file_size(error) <= max_script && !error) {
        try {
            const auto text = read_file_if_exists(entry.path());
            return text && text->starts_with("#!") ? *text : std::string();
        } catch (const Error& problem) {
            throw problem.in("cannot tell which packages programs lead to");
        }
    }
    if (error && !is_absent(error)) throw cannot_tell("programs lead to", entry.path(), error);
    return {};
}

void add_links(const fs::path& dir, Roots& roots) {
    std::error_code error;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        for (const std::string& text : package::packages_named_in(text_of(*it))) {
            if (const auto ident = package::Ident::try_parse(text))
                roots.push_back(
                    {*ident, false, fmt::format("{} leads to it", it->path().string())});
        }
    }
    if (error && !is_absent(error)) throw cannot_tell("programs lead to", dir, error);
}

void add_all_links(const Paths& paths, Roots& roots) {
    const char* configured = std::getenv("HAB_BINLINK_DIR");
    std::set<fs::path> seen;  // /bin is /usr/bin on many systems
    for (const char* name : {"/bin", "/usr/bin", "/usr/local/bin", "/hab/bin",
                             configured == nullptr ? "" : configured}) {
        if (*name == '\0') continue;
        std::error_code error;
        const fs::path named = paths.root() / fs::path(name).relative_path();
        const fs::path dir = fs::canonical(named, error);
        if (error && !is_absent(error)) throw cannot_tell("programs lead to", named, error);
        if (!error && seen.insert(dir).second) add_links(dir, roots);
    }
}

}  // namespace

std::vector<GarbageRoot> garbage_roots(const Paths& paths) {
    Roots roots;
    add_pins(paths, roots);
    add_loaded(paths, roots);
    add_services(paths, roots);
    add_all_links(paths, roots);
    return roots;
}

}  // namespace hab::cli
