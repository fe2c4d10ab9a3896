// SPDX-License-Identifier: Apache-2.0
#include "build/apt.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "sandbox/run.hpp"

namespace hab::build {

namespace {

// Read last (-c), so it wins over the machine's settings, which still give proxies and credentials.
// The hooks of the machine are cleared because they act on the machine's own apt state; the index
// targets because desktop metadata is many times larger than the package lists.
constexpr std::string_view config_text = R"(// Written by hab for its deb: source; changes are lost.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets;
Acquire::IndexTargets::deb::Packages {{
  MetaKey "$(COMPONENT)/binary-$(ARCHITECTURE)/Packages";
  flatMetaKey "Packages";
  ShortDescription "Packages";
  Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Packages";
  flatDescription "$(RELEASE) Packages";
  Optional "0";
}};
Acquire::IndexTargets::deb-src::Sources {{
  MetaKey "$(COMPONENT)/source/Sources";
  flatMetaKey "Sources";
  ShortDescription "Sources";
  Description "$(RELEASE)/$(COMPONENT) Sources";
  flatDescription "$(RELEASE) Sources";
  Optional "0";
}};
Acquire::Languages "none";
Acquire::AllowInsecureRepositories "false";
APT::Get::AllowUnauthenticated "false";
Dir::State "{0}/state";
Dir::State::lists "lists/";
Dir::State::status "{0}/state/status";
Dir::Cache "{0}/cache";
Dir::Cache::archives "archives/";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "{0}/etc/sources.list";
Dir::Etc::sourceparts "{0}/etc/sources.list.d";
Dir::Etc::preferences "{0}/etc/preferences";
Dir::Etc::preferencesparts "{0}/etc/preferences.d";
Dir::Log "{0}/log";
)";

// Other repositories on the machine may carry packages of the same name; deb: means Debian's.
constexpr std::string_view preferences_text =
    "Package: *\nPin: release o=Debian\nPin-Priority: 990\n";

// A state that is lost in a crash is made again.
WriteOptions not_durable() {
    WriteOptions options;
    options.durable = false;
    return options;
}

std::map<std::string, std::string> machine_sources(const fs::path& apt_etc) {
    std::map<std::string, std::string> files;
    if (auto main = read_file_if_exists(apt_etc / "sources.list")) {
        files["sources.list"] = std::move(*main);
    }
    std::error_code ignored;  // no directory: no parts
    for (const auto& entry : fs::directory_iterator(apt_etc / "sources.list.d", ignored)) {
        const auto extension = entry.path().extension();
        if ((extension == ".list" || extension == ".sources") && entry.is_regular_file()) {
            files["sources.list.d/" + entry.path().filename().string()] = read_file(entry.path());
        }
    }
    return files;
}

bool copy_sources(const AptState& state, const fs::path& apt_etc, AptKind kind) {
    auto wanted = machine_sources(apt_etc);
    if (kind == AptKind::source) {
        for (auto& [name, text] : wanted)
            text = as_source_packages(text, name.ends_with(".sources"));
    }
    bool changed = false;
    for (const auto& entry : fs::directory_iterator(state.sources())) {
        if (!wanted.contains("sources.list.d/" + entry.path().filename().string())) {
            fs::remove(entry.path());
            changed = true;
        }
    }
    if (!wanted.contains("sources.list")) {
        changed = fs::remove(state.dir / "etc/sources.list") || changed;
    }
    for (const auto& [name, text] : wanted) {
        changed = write_file_if_changed(state.dir / "etc" / name, text, not_durable()) || changed;
    }
    return changed;
}

}  // namespace

UniqueFd lock_state(const AptState& state) {
    auto fd = open_file(state.lock(), O_RDWR | O_CREAT, 0644);
    while (::flock(fd.get(), LOCK_EX) != 0) {
        if (errno != EINTR) {
            throw Error::from_errno(fmt::format("cannot lock '{}'", state.lock().string()));
        }
    }
    return fd;
}

std::string as_source_packages(std::string_view text, bool deb822) {
    std::string out;
    std::set<std::string, std::less<>> seen;
    for (const auto line : split(text, '\n')) {
        if (deb822) {
            out += to_lower(line).starts_with("types:") ? "Types: deb-src" : std::string(line);
            out += '\n';
            continue;
        }
        const auto entry = trim(line);
        const auto blank = entry.find_first_of(" \t");
        const auto type = entry.substr(0, blank);
        if (blank == entry.npos || (type != "deb" && type != "deb-src")) continue;
        const auto source = "deb-src" + std::string(entry.substr(blank)) + "\n";
        if (seen.insert(source).second) out += source;
    }
    return out;
}

bool prepare_apt_state(const AptState& state, const fs::path& apt_etc, AptKind kind) {
    for (const auto* name : {"state/lists/partial", "cache/archives/partial", "etc/sources.list.d",
                             "etc/preferences.d", "archives", "log"}) {
        make_directories(state.dir / name);
    }
    // Nothing is installed as far as this state knows: it only fetches.
    write_file_if_changed(state.dir / "state/status", "", not_durable());
    write_file_if_changed(state.dir / "etc/preferences", preferences_text, not_durable());
    write_file_if_changed(state.config(), fmt::format(config_text, state.dir.string()),
                          not_durable());
    return copy_sources(state, apt_etc, kind);
}

std::string AptResult::reason() const {
    std::string last = "no message";
    std::string last_error;
    for (const auto line : split(err, '\n')) {
        if (line.starts_with("E: ")) {
            last_error = line.substr(3);
        }
        if (!trim(line).empty()) {
            last = trim(line);
        }
    }
    return last_error.empty() ? last : last_error;
}

AptResult run_apt_get(const AptState& state, const sandbox::Environment& env,
                      const std::vector<std::string>& args, const fs::path& cwd) {
    sandbox::Spec spec;
    spec.argv = {"apt-get", "-c=" + state.config().string(), "-q"};
    spec.argv.insert(spec.argv.end(), args.begin(), args.end());
    spec.env = env;
    spec.env["LC_ALL"] = "C";
    spec.cwd = cwd;
    try {
        auto captured = sandbox::run_captured(std::move(spec));
        return {captured.result.status.exit_code, std::move(captured.out), std::move(captured.err)};
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) {
            throw;
        }
        throw Error(ErrorCode::unsupported,
                    "cannot fetch Debian packages: there is no apt-get on this machine",
                    "Build on Debian, or install the ready package instead.");
    }
}

}  // namespace hab::build
