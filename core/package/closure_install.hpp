// SPDX-License-Identifier: Apache-2.0
// Private to package/: a package and everything it needs, into the store at once.
#pragma once

#include <atomic>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "package/install.hpp"
#include "package/unpack_verified.hpp"

namespace hab::package {

/// Installs a list of artifacts, dependencies first. Worker threads unpack and verify (each needs
/// the memory of one decoder); then the whole batch is put on disk by one sync and gets its names
/// in order, so that whatever is killed when, a package that is there has everything it needs. What
/// another process is unpacking is waited for, not done again: who has nothing else to do places
/// what it can before it waits, so that two never wait for each other. The first error stops the
/// rest and names its package. Made for one run().
class ClosureInstall {
public:
    struct Surroundings {
        const InstalledPackages& store;
        const crypto::KeyCache& keys;
        /// Called one at a time, from any thread.
        std::function<void(InstallStep, const Ident&)> report;
        std::function<void(const fs::path& hart)> fetch_key;
        /// An artifact for a dependency that the list leaves out; called by run()'s thread.
        std::function<std::optional<fs::path>(const Ident&)> find;
        unsigned workers = 0;  ///< 0 = one per processor
    };
    explicit ClosureInstall(Surroundings around) : around_(std::move(around)) {}

    /// Each after everything it needs.
    void add(Ident ident, fs::path hart);
    /// A package that is unpacked already.
    void add(Unpacked unpacked, fs::path hart);
    /// Returns when all are in the store. Throws as Installer::install_file.
    void run();

    struct Placed {
        Ident ident;
        fs::path hart;
        std::string payload_hash;
    };
    /// What this run put into the store.
    [[nodiscard]] const std::vector<Placed>& placed() const noexcept { return placed_; }

private:
    enum class State { todo, elsewhere, unpacked, there };
    struct Member {
        Ident ident;
        fs::path hart;
        State state = State::todo;
        bool waited = false;  ///< told that we wait for somebody else
        Unpacked unpacked;
        std::vector<Ident> tdeps;
    };

    void report(InstallStep step, const Ident& ident);
    void unpack_batch();
    void work(const std::vector<Member*>& batch, std::atomic<std::size_t>& next);
    void unpack(Member& member);
    void fail(std::exception_ptr failure);
    /// Adds what unpacked members need beyond the list. True if there was something.
    bool add_left_out();
    [[nodiscard]] Member* find(const Ident& ident);
    [[nodiscard]] std::vector<Member*> placeable();
    /// Number of members that got their place.
    std::size_t place_all();
    void place(Member& member);
    void wait_for_others();
    [[nodiscard]] bool look_again(Member& member);

    Surroundings around_;
    std::deque<Member> members_;  // stays where it is while more come
    std::map<std::string, std::size_t> index_;
    bool in_any_order_ = false;
    std::vector<Placed> placed_;
    std::mutex mutex_;  ///< of report, fetch_key and failure_
    std::exception_ptr failure_;
    std::atomic<bool> failed_{false};
};

}  // namespace hab::package
