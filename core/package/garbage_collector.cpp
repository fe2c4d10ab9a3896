// SPDX-License-Identifier: Apache-2.0
#include "package/garbage_collector.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/resource.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <optional>
#include <span>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/log.hpp"
#include "package/leavings.hpp"
#include "package/parallel.hpp"
#include "package/removal.hpp"
#include "package/set_aside.hpp"
#include "package/store_lock.hpp"

namespace hab::package {
namespace {

/// Directories that are hidden at a time hold a descriptor each. Every round looks at the whole
/// store again, so as many as are allowed.
constexpr rlim_t wanted_descriptors = 16'384;
constexpr rlim_t other_descriptors = 624;  ///< for everything else
/// So many are removed before they are told about.
constexpr std::size_t removed_at_once = 64;

/// Lets this process open as many files as it may, for a while.
class MoreDescriptors {
public:
    MoreDescriptors() {
        if (::getrlimit(RLIMIT_NOFILE, &before_) != 0) return;
        rlimit more = before_;
        more.rlim_cur = std::max(before_.rlim_cur, std::min(wanted_descriptors, before_.rlim_max));
        if (::setrlimit(RLIMIT_NOFILE, &more) == 0) count_ = more.rlim_cur;
    }
    MoreDescriptors(const MoreDescriptors&) = delete;
    MoreDescriptors& operator=(const MoreDescriptors&) = delete;
    ~MoreDescriptors() {
        if (count_ > 0) ::setrlimit(RLIMIT_NOFILE, &before_);
    }

    /// How many directories may be hidden at a time.
    [[nodiscard]] std::size_t max_hidden() const noexcept {
        const rlim_t count = std::min(wanted_descriptors, count_ > 0 ? count_ : before_.rlim_cur);
        return count > 2 * other_descriptors ? count - other_descriptors : count / 4 + 1;
    }

private:
    rlimit before_{};
    rlim_t count_ = 0;
};

/// Builds share a lock on the source cache while they use it. With it held alone, none does.
UniqueFd lock_sources(const Paths& paths, bool& building) {
    UniqueFd fd = open_directory(paths.source_cache());
    building = fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0;
    return fd;
}

/// The sizes of what is not kept, on all processors.
void measure(std::vector<GarbageItem>& items) {
    in_parallel(items.size(), [&](std::size_t i) {
        if (!items[i].keep) items[i].bytes = bytes_on_disk(items[i].path);
    });
}

/// What collections that were killed left in the caches.
void sweep_caches(const Paths& paths) {
    std::vector<fs::path> dirs = {paths.source_cache(), paths.cache() / "build", paths.studios()};
    std::error_code error;
    for (fs::directory_iterator it(paths.cache() / "plugins", error), end; !error && it != end;
         it.increment(error)) {
        dirs.push_back(it->path());
    }
    for (const fs::path& dir : dirs)
        remove_stale(dir);
}

}  // namespace

/// One pass: as many directories as descriptors allow.
class GarbageCollector::Round {
public:
    explicit Round(GarbageCollector& collector)
        : collector_(collector), store_(collector.store_), options_(collector.options_) {}

    /// Reads and judges; nothing is changed.
    void judge_all() {
        graph_.emplace(PackageGraph::read(store_));
        sources_ = lock_sources(store_.paths(), building_);
        const PathUse use = collector_.look();
        const auto roots = options_.roots();
        const auto packages = judge_packages(store_, *graph_, roots, use, options_.rules);
        const CacheContext context{store_, packages, roots, use, options_.rules, building_};
        items_ = packages;
        for (auto judge : {judge_artifacts, judge_sources, judge_work}) {
            auto more = judge(context);
            std::move(more.begin(), more.end(), std::back_inserter(items_));
        }
    }

    std::vector<GarbageItem> judge_and_measure() {
        judge_all();
        measure(items_);
        return std::move(items_);
    }

    /// True if there is more than one round can hold.
    bool collect(bool first) {
        std::optional<StoreLock> lock(std::in_place, store_.paths(), StoreLock::Kind::removing,
                                      options_.waiting);
        if (first) {
            sweep_leavings(store_);
            sweep_caches(store_.paths());
        }
        judge_all();
        const MoreDescriptors descriptors;
        const bool more =
            hide_all(options_.max_hidden > 0 ? options_.max_hidden : descriptors.max_hidden());
        fail_point("gc.hidden");
        look_again();
        unlink_files();
        sources_.reset();
        lock.reset();
        finish();
        // If nothing went, nothing would next time.
        return more && !error_ && !gone_.empty();
    }

    [[nodiscard]] const std::vector<GarbageItem>& gone() const noexcept { return gone_; }
    [[nodiscard]] const std::vector<GarbageItem>& items() const noexcept { return items_; }
    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

private:
    struct Hidden {
        std::size_t item;
        SetAside dir;
    };

    bool hide_all(std::size_t max_hidden) {
        for (std::size_t i = 0; i < items_.size() && !error_; ++i) {
            std::error_code none;
            if (items_[i].keep ||
                fs::symlink_status(items_[i].path, none).type() != fs::file_type::directory) {
                continue;
            }
            if (hidden_.size() == max_hidden) return true;
            attempt([&] { hide(i); });
        }
        return false;
    }

    void hide(std::size_t i) {
        const GarbageItem& item = items_[i];
        UniqueFd build;
        if (item.kind == GarbageKind::build) {
            build.reset(::open((item.path.string() + ".lock").c_str(), O_RDONLY | O_CLOEXEC));
            if (build && ::flock(build.get(), LOCK_EX | LOCK_NB) != 0) {
                spare(i, "a build is using it");
                return;
            }
        }
        SetAside dir(item.path, removed_prefix,
                     item.kind == GarbageKind::package ? "removal" : "gc");
        if (dir) hidden_.push_back({i, std::move(dir)});
    }

    void look_again() {
        if (hidden_.empty()) return;
        try {
            spare_what_is_used();
            sync_hidden();
        } catch (const std::exception& error) {
            // Not knowing what is in use, or whether the names are gone for good, nothing may go.
            if (error_) {
                log::warn("package", "{}", error.what());
            } else {
                error_ = std::current_exception();
            }
            for (Hidden& hidden : hidden_)
                attempt([&] { hidden.dir.put_back(); });
            std::rethrow_exception(error_);
        }
    }

    void sync_hidden() const {
        std::vector<const SetAside*> all;
        for (const Hidden& hidden : hidden_)
            all.push_back(&hidden.dir);
        if (!all.empty()) SetAside::sync(all);
    }

    /// What has come into use while names were taken away gets its name back.
    void spare_what_is_used() {
        const PathUse use = collector_.look();
        const auto roots = options_.roots();
        const auto packages = judge_packages(store_, *graph_, roots, use, options_.rules);
        bool spared = false;
        for (Hidden& hidden : hidden_) {
            const bool is_package = items_[hidden.item].kind == GarbageKind::package;
            auto why = use.why(hidden.dir.hidden());
            if (is_package && packages[hidden.item].keep) why = packages[hidden.item].reason;
            for (const auto& name : packages_named_in(hidden.dir.hidden().native())) {
                const auto found = use.packages().find(name);
                if (found != use.packages().end()) why = found->second;
            }
            if (!why) continue;
            attempt([&] { hidden.dir.put_back(); });
            spare(hidden.item, *why);
            spared = true;
        }
        if (spared) spare_files({store_, packages, roots, use, options_.rules, building_});
        // What could not be put back is in use all the same, and stays under its hidden name.
        std::erase_if(
            hidden_, [&](const Hidden& hidden) { return !hidden.dir || items_[hidden.item].keep; });
    }

    /// The artifacts and sources of packages that stay after all.
    void spare_files(const CacheContext& context) {
        for (auto judge : {judge_artifacts, judge_sources}) {
            for (const GarbageItem& now : judge(context)) {
                const auto before =
                    std::find_if(items_.begin(), items_.end(),
                                 [&](const GarbageItem& item) { return item.path == now.path; });
                if (!now.keep || before == items_.end() || before->keep) continue;
                spare(static_cast<std::size_t>(before - items_.begin()), now.reason);
            }
        }
    }

    void unlink_files() {
        for (GarbageItem& item : items_) {
            std::error_code none;
            const auto type = fs::symlink_status(item.path, none).type();
            if (item.keep || error_ || type == fs::file_type::directory ||
                type == fs::file_type::not_found) {
                continue;
            }
            attempt([&] {
                item.bytes = bytes_on_disk(item.path);
                fail_point("gc.unlink", item.path.native());
                if (::unlink(item.path.c_str()) != 0 && errno != ENOENT) {
                    throw Error::from_errno(fmt::format("cannot remove '{}'", item.path.string()));
                }
                tell(item);
            });
        }
    }

    /// On all processors, told in order.
    void finish() {
        for (std::size_t at = 0; at < hidden_.size(); at += removed_at_once) {
            const auto batch =
                std::span(hidden_).subspan(at, std::min(removed_at_once, hidden_.size() - at));
            std::vector<std::optional<Error>> errors(batch.size());
            in_parallel(batch.size(), [&](std::size_t i) {
                try {
                    remove(batch[i]);
                } catch (const Error& error) {
                    errors[i] = error;
                }
            });
            for (std::size_t i = 0; i < batch.size(); ++i) {
                attempt([&] {
                    if (errors[i]) throw *errors[i];
                    tell(items_[batch[i].item]);
                });
            }
        }
        hidden_.clear();
    }

    void remove(Hidden& hidden) {
        GarbageItem& item = items_[hidden.item];
        item.bytes = bytes_on_disk(hidden.dir.hidden());
        hidden.dir.remove();
        if (item.kind != GarbageKind::package) return;
        fail_point("removal.parents", item.path.native());
        remove_empty_parents(item.path.parent_path());
    }

    void spare(std::size_t i, const std::string& reason) {
        items_[i].keep = true;
        items_[i].reason = reason;
    }
    void tell(const GarbageItem& item) {
        gone_.push_back(item);
        if (options_.done) options_.done(item);
    }
    /// The first error is the one that is told; what was begun is finished all the same.
    template <typename Step>
    void attempt(const Step& step) {
        try {
            step();
        } catch (const Error& error) {
            if (error_) {
                log::warn("package", "{}", error.message());
            } else {
                error_ = std::current_exception();
            }
        }
    }

    GarbageCollector& collector_;
    const InstalledPackages& store_;
    const Options& options_;
    std::optional<PackageGraph> graph_;
    UniqueFd sources_;
    bool building_ = false;
    std::vector<GarbageItem> items_;
    std::vector<GarbageItem> gone_;
    std::vector<Hidden> hidden_;
    std::exception_ptr error_;
};

PathUse GarbageCollector::look() {
    PathUse use(watched_caches(store_.paths()), options_.proc);
    unreadable_ = use.unreadable();
    return use;
}

std::vector<GarbageItem> GarbageCollector::plan() {
    return Round(*this).judge_and_measure();
}

std::vector<GarbageItem> GarbageCollector::collect() {
    std::vector<GarbageItem> all;
    for (bool first = true;; first = false) {
        Round round(*this);
        const bool more = round.collect(first);
        round.rethrow();
        all.insert(all.end(), round.gone().begin(), round.gone().end());
        if (more) continue;
        std::copy_if(round.items().begin(), round.items().end(), std::back_inserter(all),
                     [](const GarbageItem& item) { return item.keep; });
        return all;
    }
}

}  // namespace hab::package
