// SPDX-License-Identifier: Apache-2.0
#include "ring/state/state_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "ring/state/frames.hpp"

namespace hab::ring {
namespace {

constexpr std::size_t max_file = 1u << 30;
constexpr std::size_t small_log = 1u << 20;
/// Holds the addresses and configurations of a whole ring.
constexpr mode_t state_mode = 0600;

std::vector<StateRecord> joined(std::vector<StateRecord> first, std::vector<StateRecord> second) {
    first.insert(first.end(), std::make_move_iterator(second.begin()),
                 std::make_move_iterator(second.end()));
    return latest_only(std::move(first));
}

}  // namespace

StateStore::StateStore(fs::path dir) : snapshot_(dir / "ring.snapshot"), log_(dir / "ring.log") {
    make_directories(dir);
    auto records = read_snapshot();
    records_ = joined(std::move(records), read_log());
}

std::vector<StateRecord> StateStore::read_snapshot() {
    const auto bytes = read_file_if_exists(snapshot_, max_file);
    if (!bytes) return {};
    StateFile file = read_frames(*bytes, fmt::format("'{}'", snapshot_.string()));
    // Snapshots are renamed into place whole: no crash leaves half of one.
    if (file.valid != bytes->size() || !file.header.snapshot) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot read '{}': it is damaged at byte {}", snapshot_.string(),
                                file.valid),
                    "look for errors of the disk, then move the file away; the supervisor learns "
                    "the ring's state from its peers");
    }
    generation_ = file.header.generation;
    snapshot_size_ = bytes->size();
    return std::move(file.records);
}

std::vector<StateRecord> StateStore::read_log() {
    const auto bytes = read_file_if_exists(log_, max_file);
    StateFile file;
    if (bytes) file = read_frames(*bytes, fmt::format("'{}'", log_.string()));
    const bool usable = file.valid != 0 && !file.header.snapshot;
    if (usable && file.header.generation > generation_) {
        throw Error(ErrorCode::conflict,
                    fmt::format("cannot use '{}': it continues a newer '{}' than the one there",
                                log_.string(), snapshot_.filename().string()),
                    "put the snapshot back, or move both files away");
    }
    if (!bytes) {
        // Begun with the first record: a supervisor that is alone need not wait for the disk.
        log_generation_ = generation_ + 1;
        return {};
    }
    // An older one ends where the snapshot was made: the crash came before the new log.
    if (!usable || file.header.generation < generation_) {
        dropped_ = usable ? 0 : bytes->size();
        begin_log(generation_, true);
        return {};
    }
    dropped_ = bytes->size() - file.valid;
    log_size_ = file.valid;
    fd_ = open_file(log_, O_WRONLY | O_APPEND);
    log_generation_ = generation_;
    if (dropped_ != 0) {
        if (::ftruncate(fd_.get(), static_cast<off_t>(log_size_)) != 0)
            throw Error::from_errno(fmt::format("cannot cut the torn end off '{}'", log_.string()));
        sync_path(log_);  // or a power cut brings it back below what is appended now
    }
    return std::move(file.records);
}

void StateStore::begin_log(std::uint64_t generation, bool durable) {
    std::string header;
    append_header(header, {.snapshot = false, .generation = generation});
    write_file_atomic(log_, header, {.mode = state_mode, .durable = durable});
    name_unsynced_ = !durable;
    fd_ = open_file(log_, O_WRONLY | O_APPEND);
    log_size_ = header.size();
    log_generation_ = generation;
}

void StateStore::append(const StateRecord& record, bool sync) {
    std::string frame;
    append_frame(frame, record);
    // compact() failed between the two files: what an older log holds counts no more.
    if (log_generation_ != generation_) begin_log(generation_, snapshot_size_ != 0);
    try {
        write_all(fd_.get(), frame, log_.string());
        if (sync) sync_path(log_);
        if (sync && std::exchange(name_unsynced_, false)) sync_path(log_.parent_path());
    } catch (const Error&) {
        // Half a frame would hide everything that comes after it.
        if (::ftruncate(fd_.get(), static_cast<off_t>(log_size_)) != 0)
            throw Error::from_errno(fmt::format("cannot undo half a write to '{}'", log_.string()));
        throw;
    }
    log_size_ += frame.size();
}

bool StateStore::wants_compaction() const noexcept {
    return log_size_ > small_log && log_size_ > 2 * snapshot_size_;
}

void StateStore::write_snapshot(std::uint64_t generation, const std::vector<StateRecord>& records) {
    std::string bytes;
    append_header(bytes, {.snapshot = true, .generation = generation});
    for (const StateRecord& record : records)
        append_frame(bytes, record);
    write_file_atomic(snapshot_, bytes, {.mode = state_mode});
    snapshot_size_ = bytes.size();
    generation_ = generation;
}

void StateStore::compact() {
    std::vector<StateRecord> records;
    for (const fs::path& path : {snapshot_, log_}) {
        const auto bytes = read_file_if_exists(path, max_file);
        if (!bytes) continue;
        auto file = read_frames(*bytes, fmt::format("'{}'", path.string()));
        // compact() failed between the two files before: all of it is in the snapshot.
        if (!file.header.snapshot && file.header.generation < generation_) continue;
        records.insert(records.end(), std::make_move_iterator(file.records.begin()),
                       std::make_move_iterator(file.records.end()));
    }
    write_snapshot(generation_ + 1, latest_only(std::move(records)));
    begin_log(generation_, true);
}

}  // namespace hab::ring
