// SPDX-License-Identifier: Apache-2.0
// Supervisors side by side: how fast they start services and replace killed ones, what they hold and
// whether they sleep. Usage, as first process of a world: hab-bench-supervise BUILD WORK [ROUNDS
// [PEER...]]
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <stdexcept>
#include <thread>

#include "peers.hpp"
#include "processes.hpp"
#include "report.hpp"

namespace hab::bench {
namespace {

namespace fs = std::filesystem;
using Samples = std::vector<double>;

/// Longer than any peer takes for 1,000 services.
constexpr int patience_ms = 120'000;
/// After it a peer counts its services as up, and a death as the first one.
constexpr std::chrono::seconds settled{3};
constexpr std::chrono::seconds idle_time{10};
constexpr std::size_t crowd = 100;
constexpr std::size_t kills = 200;
/// Two of the peers take a second for each.
constexpr std::int64_t kill_budget_ns = 25'000'000'000;

double in_ms(std::int64_t ns) {
    return static_cast<double>(ns) / 1e6;
}

/// The value below which that part of them lies.
double quantile(Samples values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1) + 0.5);
    return values[rank];
}

class Reports {
public:
    explicit Reports(const fs::path& path) {
        if (::mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST)
            throw std::runtime_error("cannot make " + path.string());
        fifo_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
        if (fifo_ < 0) throw std::runtime_error("cannot open " + path.string());
    }
    Reports(const Reports&) = delete;
    Reports& operator=(const Reports&) = delete;
    ~Reports() { ::close(fifo_); }

    Report next(const std::string& whose) const {
        pollfd source{fifo_, POLLIN, 0};
        Report report{};
        if (::poll(&source, 1, patience_ms) != 1 ||
            ::read(fifo_, &report, sizeof report) != sizeof report) {
            throw std::runtime_error(whose + ": a service did not start");
        }
        return report;
    }
    /// Drops what is left of an earlier run.
    void clear() const {
        Report report{};
        while (::read(fifo_, &report, sizeof report) > 0) {
        }
    }

private:
    int fifo_;
};

struct Findings {
    std::map<std::size_t, Samples> first, again;  ///< ms until all run, by number of services
    std::int64_t pss = 0;
    std::int64_t woken = 0;
    Samples replaced;      ///< ms
    Samples reconfigured;  ///< ms; ours only
};

class Bench {
public:
    Bench(Setup setup, const Reports& reports) : setup_(std::move(setup)), reports_(reports) {}

    void measure_starts(const Peer& peer, std::size_t services, Findings& into) {
        peer.prepare(setup_, services);
        into.first[services].push_back(started(peer, services));
        into.again[services].push_back(started(peer, services));
        end_everything();
    }

    void measure_rest(const Peer& peer, Findings& into) {
        peer.prepare(setup_, crowd);
        (void)started(peer, crowd);
        std::this_thread::sleep_for(settled);
        const auto pids = supervising(setup_.service);
        into.pss = pss_kib(pids);
        const auto before = switches(pids);
        std::this_thread::sleep_for(idle_time);
        into.woken = switches(pids) - before;
        if (peer.name == "hab") measure_changes(into);
        end_everything();
    }

    /// Each service dies once, so that nobody's protection against loops counts.
    void measure_kills(const Peer& peer, Findings& into) {
        peer.prepare(setup_, kills);
        (void)started(peer, kills);
        std::this_thread::sleep_for(settled);
        const auto victims = running_;
        const auto begin = now_ns();
        for (const pid_t victim : victims) {
            if (now_ns() - begin > kill_budget_ns) break;
            const auto killed = now_ns();
            ::kill(victim, SIGKILL);
            into.replaced.push_back(in_ms(reports_.next(peer.name).at_ns - killed));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        end_everything();
    }

private:
    /// Starts the supervisor; ms until the last service runs.
    double started(const Peer& peer, std::size_t services) {
        end_everything();
        reports_.clear();
        running_.clear();
        const auto begin = now_ns();
        start(peer.command(setup_), setup_.work / (peer.name + ".log"));
        std::int64_t last = begin;
        for (std::size_t n = 0; n < services; ++n) {
            const Report report = reports_.next(peer.name);
            running_.push_back(static_cast<pid_t>(report.pid));
            last = std::max(last, report.at_ns);
        }
        return in_ms(last - begin);
    }

    /// user.toml is replaced; ms until the reconfigure hook runs. The file must be there by then.
    void measure_changes(Findings& into) {
        for (std::size_t n = 0; n < 200; ++n) {
            const std::size_t which = n % crowd;
            const std::string word = "w" + std::to_string(n);
            const fs::path target = user_toml(which);
            const fs::path next = target.parent_path() / ".next";
            std::ofstream(next) << "word = \"" << word << "\"\n";
            const auto begin = now_ns();
            fs::rename(next, target);
            into.reconfigured.push_back(in_ms(reports_.next("hab").at_ns - begin));
            std::string line;
            std::getline(std::ifstream(rendered(which)) >> std::ws, line);
            if (line != "word = " + word) throw std::runtime_error("the file was not rendered");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    Setup setup_;
    const Reports& reports_;
    std::vector<pid_t> running_;
};

void row(const char* work, const std::vector<double>& values, const char* goal) {
    std::printf("%-38s", work);
    for (const double value : values)
        std::printf(" %11.1f", value);
    std::printf(" %10s\n", goal);
}

void print(const std::vector<Peer>& peers, const std::map<std::string, Findings>& all) {
    std::printf("%-38s", "work");
    for (const auto& peer : peers)
        std::printf(" %11s", peer.name.c_str());
    std::printf(" %10s\n", "goal");
    const auto each = [&](const char* work, const char* goal, auto&& value) {
        std::vector<double> values;
        for (const auto& peer : peers)
            values.push_back(value(all.at(peer.name)));
        row(work, values, goal);
    };
    const std::pair<std::size_t, const char*> starts[] = {{1, "15"}, {100, "120"}, {1000, "1500"}};
    for (const auto& [count, goal] : starts) {
        const auto label = "start " + std::to_string(count) + ", ms";
        each((label + ", first time").c_str(), goal,
             [n = count](const Findings& f) { return quantile(f.first.at(n), 0.5); });
        each((label + ", again").c_str(), goal,
             [n = count](const Findings& f) { return quantile(f.again.at(n), 0.5); });
    }
    each("killed -> runs again, ms, median", "",
         [](const Findings& f) { return quantile(f.replaced, 0.5); });
    each("killed -> runs again, ms, p99", "5",
         [](const Findings& f) { return quantile(f.replaced, 0.99); });
    each("  kills", "200",
         [](const Findings& f) { return static_cast<double>(f.replaced.size()); });
    each("own memory, 100 services, PSS MiB", "10",
         [](const Findings& f) { return static_cast<double>(f.pss) / 1024; });
    each("context switches in 10 s at rest", "0",
         [](const Findings& f) { return static_cast<double>(f.woken); });
    const auto& changes = all.at("hab").reconfigured;
    row("user.toml -> hook runs, ms, median", {quantile(changes, 0.5)}, "");
    row("user.toml -> hook runs, ms, p99", {quantile(changes, 0.99)}, "10");
}

/// Thousands of pipes.
void allow_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::vector<Peer> chosen_peers(const std::vector<std::string>& names) {
    auto peers = all_peers();
    if (names.empty()) return peers;
    std::erase_if(peers, [&](const Peer& peer) {
        return peer.name != "hab" &&
               std::find(names.begin(), names.end(), peer.name) == names.end();
    });
    return peers;
}

int run(const fs::path& build, const fs::path& work, int rounds,
        const std::vector<std::string>& names) {
    allow_descriptors();
    fs::create_directories(work);
    const Setup setup{build, build / "bin/hab-bench-service", work / "reports", work};
    const Reports reports(setup.fifo);
    Bench bench(setup, reports);
    const auto peers = chosen_peers(names);
    std::map<std::string, Findings> all;
    for (int round = 0; round < rounds; ++round) {
        for (const std::size_t count : {1, 100, 1000}) {
            for (const auto& peer : peers) {
                std::fprintf(stderr, "round %d: %zu x %s\n", round + 1, count, peer.name.c_str());
                bench.measure_starts(peer, count, all[peer.name]);
            }
        }
    }
    for (const auto& peer : peers) {
        std::fprintf(stderr, "at rest, and killed: %s\n", peer.name.c_str());
        bench.measure_rest(peer, all[peer.name]);
        bench.measure_kills(peer, all[peer.name]);
    }
    print(peers, all);
    return 0;
}

}  // namespace
}  // namespace hab::bench

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("usage: hab-bench-supervise BUILD WORK [ROUNDS [PEER...]]\n", stderr);
        return 2;
    }
    try {
        return hab::bench::run(argv[1], argv[2], argc > 3 ? std::atoi(argv[3]) : 3,
                               {argv + std::min(argc, 4), argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hab-bench-supervise: %s\n", error.what());
        return 1;
    }
}
