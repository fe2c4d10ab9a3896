// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "ring/node/ring_node.hpp"
#include "ring/state/frames.hpp"

namespace hab::ring::sim {

/// What a machine keeps over a restart: a log in which everything up to a point is safe.
class Disk {
public:
    void write(const Persist& persist) {
        log_.push_back(persist.record);
        if (persist.sync) safe_ = log_.size();
        if (log_.size() > 2 * compacted_ + 64) compact();
    }
    void sync() noexcept { safe_ = log_.size(); }
    /// The last moments are gone: some of what was not synced.
    void crash(Random& random) {
        if (safe_ < log_.size()) log_.resize(safe_ + random.below(log_.size() - safe_ + 1));
        safe_ = log_.size();
    }
    /// An older state of everything but votes, as if a backup had been put back. A vote is a
    /// promise: who restores a machine without them may see two leaders of one term.
    void age(Random& random) {
        std::vector<StateRecord> older;
        const std::size_t kept = random.below(log_.size() + 1);
        for (std::size_t i = 0; i < log_.size(); ++i) {
            if (i < kept || log_[i].kind == StateKind::vote) older.push_back(log_[i]);
        }
        log_ = std::move(older);
        safe_ = log_.size();
    }
    [[nodiscard]] const std::vector<StateRecord>& records() const noexcept { return log_; }

private:
    /// As a StateStore does when its log has grown.
    void compact() {
        log_ = latest_only(std::move(log_));
        safe_ = compacted_ = log_.size();
    }

    std::vector<StateRecord> log_;
    std::size_t safe_ = 0;
    std::size_t compacted_ = 0;
};

}  // namespace hab::ring::sim
