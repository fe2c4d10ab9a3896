// SPDX-License-Identifier: Apache-2.0
#include "invariants.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "launcher/marks.hpp"
#include "launcher/messages.hpp"
#include "supervisor/spec_store.hpp"
#include "support/run.hpp"

namespace hab::test {
namespace {

namespace fs = std::filesystem;

struct Process {
    std::string name;
    char state = '?';
    pid_t parent = 0;
    pid_t session = 0;
};

std::optional<Process> look_at(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const auto open = line.find('(');
    const auto close = line.rfind(')');
    if (open == line.npos || close == line.npos) return std::nullopt;
    Process process;
    process.name = line.substr(open + 1, close - open - 1);
    std::istringstream rest(line.substr(close + 1));
    pid_t group = 0;
    rest >> process.state >> process.parent >> group >> process.session;
    return process;
}

std::map<pid_t, Process> all_processes() {
    std::map<pid_t, Process> all;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto pid = parse_u64(entry.path().filename().string());
        if (!pid) continue;
        if (auto process = look_at(static_cast<pid_t>(*pid))) {
            all.emplace(static_cast<pid_t>(*pid), *process);
        }
    }
    return all;
}

bool is_alive(const Process& process) {
    return process.state != 'Z' && process.state != 'X';
}

class Inspection {
public:
    explicit Inspection(pid_t launcher) : launcher_(launcher), all_(all_processes()) {}

    std::vector<std::string> run() {
        specs();
        supervisor();
        strays();
        leftover_files();
        return std::move(found_);
    }

private:
    template <typename... Parts>
    void say(fmt::format_string<Parts...> text, Parts&&... parts) {
        found_.push_back(fmt::format(text, std::forward<Parts>(parts)...));
    }

    void specs() {
        const hab::supervisor::SpecStore store("/hab/sup/default/specs");
        const auto contents = store.load_all();
        for (const Error& error : contents.errors)
            say("a spec cannot be read: {}", error.message());
        for (const auto& [name, spec] : contents.specs) {
            const auto text = read_file_if_exists(fs::path("/hab/svc") / name / "PID");
            const auto pid = parse_u64(text.value_or(""));
            if (spec.desired_up) {
                running(name, pid ? static_cast<pid_t>(*pid) : 0);
            } else if (text) {
                say("{} is to be down but has the PID file '{}'", name, *text);
            }
        }
    }

    void running(const std::string& name, pid_t pid) {
        const auto found = all_.find(pid);
        if (found == all_.end() || !is_alive(found->second)) {
            say("{} is to be up, but there is no process {}", name, pid);
        } else if (found->second.parent != launcher_) {
            say("process {} of {} does not belong to the launcher", pid, name);
        } else {
            services_.insert(pid);
        }
    }

    void supervisor() {
        int supervisors = 0;
        for (const auto& [pid, process] : all_) {
            if (process.parent != launcher_) continue;
            if (process.state == 'Z') say("{} ({}) is a zombie of the launcher", pid, process.name);
            if (process.name == "hab-sup" && is_alive(process)) ++supervisors;
        }
        if (supervisors != 1) say("{} supervisors run", supervisors);
    }

    [[nodiscard]] bool belongs_to_a_service(pid_t pid) const {
        for (int steps = 0; steps < 100 && pid > 1; ++steps) {
            if (services_.contains(pid)) return true;
            const auto found = all_.find(pid);
            if (found == all_.end()) return false;
            if (services_.contains(found->second.session)) return true;
            pid = found->second.parent;
        }
        return false;
    }

    void strays() {
        for (const auto& [pid, process] : all_) {
            const bool ours = pid == launcher_ || process.name == "hab-sup" || !is_alive(process);
            if (ours || belongs_to_a_service(pid)) continue;
            if (hab::launcher::environment_has(pid, hab::launcher::mark_variable)) {
                say("process {} ({}) belongs to nobody", pid, process.name);
            }
        }
    }

    void leftover_files() {
        for (const char* root : {"/hab/sup", "/hab/svc", "/hab/launcher", "/hab/user"}) {
            std::error_code gone;
            for (fs::recursive_directory_iterator at(root, gone), end; !gone && at != end;
                 at.increment(gone)) {
                const std::string name = at->path().filename().string();
                if (name.ends_with(".tmp") || name.ends_with(".new")) {
                    say("{} is a temporary file", at->path().string());
                }
            }
        }
    }

    pid_t launcher_;
    std::map<pid_t, Process> all_;
    std::set<pid_t> services_;
    std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> violations(pid_t launcher) {
    return Inspection(launcher).run();
}

::testing::AssertionResult all_is_well(pid_t launcher, std::chrono::seconds bound) {
    std::vector<std::string> wrong;
    const bool well = eventually(
        [&] {
            wrong = violations(launcher);
            return wrong.empty();
        },
        bound);
    if (well) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << join(wrong, "\n");
}

std::vector<pid_t> marked_processes() {
    std::vector<pid_t> marked;
    for (const auto& [pid, process] : all_processes()) {
        if (is_alive(process) &&
            hab::launcher::environment_has(pid, hab::launcher::mark_variable)) {
            marked.push_back(pid);
        }
    }
    return marked;
}

std::ptrdiff_t descriptors(pid_t pid) {
    return std::distance(fs::directory_iterator(fmt::format("/proc/{}/fd", pid)), {});
}

Readers::Readers(std::vector<File> files) : files_(std::move(files)), thread_([this] { loop(); }) {}

Readers::~Readers() {
    end_ = true;
    if (thread_.joinable()) thread_.join();
}

void Readers::loop() {
    while (!end_) {
        for (const File& file : files_) {
            const auto text = read_file_if_exists(file.path);
            ++reads_;
            if (!text || file.whole(*text)) continue;
            const std::lock_guard guard(lock_);
            torn_ += fmt::format("{}: {} bytes, '{}'\n", file.path.string(), text->size(),
                                 text->substr(0, 200));
        }
        std::this_thread::yield();
    }
}

std::string Readers::torn() {
    end_ = true;
    if (thread_.joinable()) thread_.join();
    const std::lock_guard guard(lock_);
    return torn_;
}

}  // namespace hab::test
