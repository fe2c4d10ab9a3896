// SPDX-License-Identifier: Apache-2.0
#include "package/closure_install.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"

namespace hab::package {
namespace {

/// Each unpacked package holds a descriptor until it has its name.
constexpr std::size_t max_batch = 128;
/// How often somebody else's install is looked at. There is no event for "the lock is free or the
/// package is there" that could also be cancelled.
constexpr std::chrono::milliseconds look_interval{20};

unsigned worker_count(unsigned wanted, std::size_t work) {
    const unsigned most = wanted != 0 ? wanted : std::max(1u, std::thread::hardware_concurrency());
    return static_cast<unsigned>(std::min<std::size_t>(most, work));
}

}  // namespace

void ClosureInstall::add(Ident ident, fs::path hart) {
    if (!index_.try_emplace(ident.to_string(), members_.size()).second) return;
    Member& member = members_.emplace_back();
    member.ident = std::move(ident);
    member.hart = std::move(hart);
}

void ClosureInstall::add(Unpacked unpacked, fs::path hart) {
    add(unpacked.ident, std::move(hart));
    Member& member = *find(unpacked.ident);  // not always the last: somebody may have named it
    member.tdeps = Metafiles(unpacked.pending->path()).idents(metafile::tdeps);
    member.unpacked = std::move(unpacked);
    member.state = State::unpacked;
}

void ClosureInstall::report(InstallStep step, const Ident& ident) {
    const std::lock_guard lock(mutex_);
    around_.report(step, ident);
}

void ClosureInstall::run() {
    const auto in_state = [this](State state) {
        return std::any_of(members_.begin(), members_.end(),
                           [&](const Member& member) { return member.state == state; });
    };
    for (;;) {
        unpack_batch();
        if (add_left_out()) continue;
        const std::size_t placed = place_all();
        if (in_state(State::todo)) continue;
        if (in_state(State::elsewhere)) {
            wait_for_others();
        } else if (!in_state(State::unpacked)) {
            return;
        } else if (placed == 0) {
            in_any_order_ = true;  // packages that need each other: a mistake of their plans
        }
    }
}

void ClosureInstall::unpack_batch() {
    std::vector<Member*> batch;
    for (Member& member : members_) {
        if (member.state == State::todo && batch.size() < max_batch) batch.push_back(&member);
    }
    std::atomic<std::size_t> next{0};
    {
        std::vector<std::jthread> threads;  // joined whatever is thrown here
        try {
            for (unsigned i = 1; i < worker_count(around_.workers, batch.size()); ++i)
                threads.emplace_back([&] { work(batch, next); });
        } catch (const std::system_error&) {
            // No more threads are allowed: fewer do the same work.
        }
        work(batch, next);
    }
    if (failure_) std::rethrow_exception(failure_);
}

void ClosureInstall::work(const std::vector<Member*>& batch, std::atomic<std::size_t>& next) {
    while (!failed_) {
        const std::size_t at = next++;
        if (at >= batch.size()) return;
        try {
            unpack(*batch[at]);
        } catch (const Error& error) {
            fail(std::make_exception_ptr(
                error.in(fmt::format("cannot install '{}'", batch[at]->ident.to_string()))));
        } catch (...) {  // the edge of a thread: handed over to the one that waits for it
            fail(std::current_exception());
        }
    }
}

void ClosureInstall::unpack(Member& member) {
    {
        const std::lock_guard lock(mutex_);
        around_.fetch_key(member.hart);
    }
    const auto begin = [&](const Ident& ident) {
        require_wanted(member.hart, ident, member.ident);
        if (around_.store.has(ident)) return false;
        report(InstallStep::verifying, ident);
        return true;
    };
    Unpacked unpacked = unpack_verified(member.hart, around_.store, around_.keys, begin,
                                        [this] { return failed_.load(); });
    if (unpacked.pending) {
        member.tdeps = Metafiles(unpacked.pending->path()).idents(metafile::tdeps);
        member.unpacked = std::move(unpacked);
        member.state = State::unpacked;
    } else {
        member.state = unpacked.busy ? State::elsewhere : State::there;
    }
}

void ClosureInstall::fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    // Those that were stopped because of the first fail later.
    if (!failed_.exchange(true)) failure_ = std::move(failure);
}

bool ClosureInstall::add_left_out() {
    std::vector<std::pair<Ident, Ident>> left_out;
    for (const Member& member : members_) {
        if (member.state != State::unpacked) continue;
        for (const Ident& dep : member.tdeps) {
            if (find(dep) == nullptr && !around_.store.has(dep))
                left_out.emplace_back(dep, member.ident);
        }
    }
    for (const auto& [dep, needed_by] : left_out) {
        auto hart = around_.find(dep);
        if (hart) {
            add(dep, std::move(*hart));
            continue;
        }
        throw Error(ErrorCode::not_found,
                    fmt::format("cannot install '{}': it needs {}, which is neither installed nor "
                                "found",
                                needed_by.to_string(), dep.to_string()),
                    "put the .hart file of that package into the artifact cache and try again");
    }
    return !left_out.empty();
}

ClosureInstall::Member* ClosureInstall::find(const Ident& ident) {
    const auto at = index_.find(ident.to_string());
    return at == index_.end() ? nullptr : &members_[at->second];
}

std::vector<ClosureInstall::Member*> ClosureInstall::placeable() {
    std::vector<Member*> chosen;
    std::set<const Member*> will_be_there;
    bool more = true;
    while (more) {
        more = false;
        for (Member& member : members_) {
            if (member.state != State::unpacked || will_be_there.contains(&member)) continue;
            const bool complete =
                std::all_of(member.tdeps.begin(), member.tdeps.end(), [&](const Ident& dep) {
                    const Member* known = find(dep);
                    return known == nullptr || known == &member || known->state == State::there ||
                           will_be_there.contains(known);
                });
            if (!complete && !in_any_order_) continue;
            will_be_there.insert(&member);
            chosen.push_back(&member);
            more = true;
        }
    }
    return chosen;
}

std::size_t ClosureInstall::place_all() {
    const auto chosen = placeable();
    std::set<dev_t> synced;
    for (Member* member : chosen)
        finish_root(member->unpacked);
    for (Member* member : chosen) {
        struct stat info{};
        if (::fstat(member->unpacked.pending->fd(), &info) != 0) {
            throw Error::from_errno(
                fmt::format("cannot examine '{}'", member->unpacked.pending->path().string()));
        }
        if (synced.insert(info.st_dev).second) member->unpacked.pending->sync();
    }
    for (Member* member : chosen)
        place(*member);
    return chosen.size();
}

void ClosureInstall::place(Member& member) {
    const bool ours = put_in_place(member.unpacked, around_.store);
    member.state = State::there;
    member.unpacked.pending.reset();
    report(ours ? InstallStep::installed : InstallStep::found, member.ident);
    if (ours) placed_.push_back({member.ident, member.hart, member.unpacked.payload_hash});
}

void ClosureInstall::wait_for_others() {
    for (Member& member : members_) {
        if (member.state != State::elsewhere || std::exchange(member.waited, true)) continue;
        report(InstallStep::waiting, member.ident);
    }
    for (;;) {
        bool changed = false;
        for (Member& member : members_)
            changed = (member.state == State::elsewhere && look_again(member)) || changed;
        if (changed) return;
        std::this_thread::sleep_for(look_interval);
    }
}

bool ClosureInstall::look_again(Member& member) {
    const fs::path dir = around_.store.dir_of(member.ident);
    // In this order: it may get its name between the two looks, but never lose it.
    const bool busy = PendingInstall::under_way(dir);
    if (around_.store.has(member.ident)) {
        member.state = State::there;
        report(InstallStep::found, member.ident);
    } else if (!busy) {
        member.state = State::todo;  // whoever it was gave up
    }
    return member.state != State::elsewhere;
}

}  // namespace hab::package
