// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "ring/node/state_record.hpp"

namespace hab::ring {

/// A node's memory on disk: DIR/ring.snapshot, replaced atomically, and DIR/ring.log, to which
/// changes are appended. Whenever the process or the machine dies, the next opening finds every
/// record that was synced, and of the others a prefix. One process per directory (the supervisor's
/// lock sees to it), one thread. docs/formats/ring-state.md.
class StateStore {
public:
    /// Opens or creates, and takes a tail that was cut short off the log. Throws invalid_input for
    /// files of another kind or a damaged snapshot, and errno errors.
    explicit StateStore(fs::path dir);

    /// What was on disk, each thing once. Once.
    [[nodiscard]] std::vector<StateRecord> take_records() { return std::move(records_); }
    /// How many bytes at the log's end were not whole: more than 0 after a crash.
    [[nodiscard]] std::size_t dropped() const noexcept { return dropped_; }

    /// Appends; with `sync` it is on disk when this returns. After an error the log is as before,
    /// and the record may be appended again.
    void append(const StateRecord& record, bool sync);
    /// Whether the log has outgrown the snapshot so that compact() is worth its while.
    [[nodiscard]] bool wants_compaction() const noexcept;
    /// Folds log and snapshot into a new snapshot, and begins a new log. After an error nothing is
    /// lost, and it may be tried again.
    void compact();

private:
    [[nodiscard]] std::vector<StateRecord> read_snapshot();
    [[nodiscard]] std::vector<StateRecord> read_log();
    void begin_log(std::uint64_t generation, bool durable);
    void write_snapshot(std::uint64_t generation, const std::vector<StateRecord>& records);

    fs::path snapshot_;
    fs::path log_;
    UniqueFd fd_;
    std::uint64_t generation_ = 0;
    std::uint64_t log_generation_ = 0;
    std::size_t snapshot_size_ = 0;
    std::size_t log_size_ = 0;
    std::size_t dropped_ = 0;
    bool name_unsynced_ = false;  ///< the log's name may not be on disk yet
    std::vector<StateRecord> records_;
};

}  // namespace hab::ring
