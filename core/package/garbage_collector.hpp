// SPDX-License-Identifier: Apache-2.0
// What nothing needs any more: its removal.
#pragma once

#include <functional>
#include <vector>

#include "package/garbage.hpp"

namespace hab::package {

/// Collects garbage in one store and in the caches of the calling user. The order makes it safe
/// beside installs and starting services: with installs kept out (StoreLock), unneeded directories
/// get hidden names; then roots and processes are looked at once more, and what has come into use
/// meanwhile is put back; only then does anything go, with installs let in again. Killed at any
/// moment, every package is there as a whole or gone.
class GarbageCollector {
public:
    struct Options {
        GarbageRules rules;
        /// What needs packages, apart from processes; asked twice.
        std::function<std::vector<GarbageRoot>()> roots;
        /// Told about each item that is gone.
        std::function<void(const GarbageItem&)> done;
        /// Called before waiting for installs that are running.
        std::function<void()> waiting;
        fs::path proc = "/proc";
        /// Directories with hidden names at a time; 0 = as many as this process may open.
        std::size_t max_hidden = 0;
    };

    GarbageCollector(InstalledPackages store, Options options)
        : store_(std::move(store)), options_(std::move(options)) {}

    /// The verdicts, packages first, with the sizes of what is to go; changes nothing, waits for
    /// nothing and tells done() nothing.
    [[nodiscard]] std::vector<GarbageItem> plan();
    /// Removes. Returns all items, those that are gone first. One that cannot be removed ends it:
    /// what was begun is finished, then the error is thrown.
    std::vector<GarbageItem> collect();
    /// Processes that could not be looked at, at the last look.
    [[nodiscard]] unsigned unreadable_processes() const noexcept { return unreadable_; }

private:
    class Round;
    [[nodiscard]] PathUse look();

    InstalledPackages store_;
    Options options_;
    unsigned unreadable_ = 0;
};

}  // namespace hab::package
