// SPDX-License-Identifier: Apache-2.0
// What a disk may hold after the power went: a model over recorded calls.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/disk_calls.hpp"
#include "support/tree_image.hpp"

namespace hab::test {

/// A tree that a power cut may leave.
struct LostState {
    std::string when;  ///< "after 12 fsync /hab/…: everything unsynced lost"
    TreeImage tree;
};

/// Records a program's calls and the tree after each of them, and says which trees a power cut after
/// each call may leave. The promise of the system, taken at its word: fsync and fdatasync make a
/// file's content, or a directory's list of names, durable; syncfs everything; nothing else does.
/// Three extremes of what is not promised are tried after every call: all of it is lost; all names
/// are there but unsynced content is empty; or zeros of the right length.
class PowerLoss {
public:
    /// Everything in `start` is durable.
    explicit PowerLoss(TreeImage start);

    /// For TraceOptions::after: `call` was made, the tree below `root` is its result.
    void record(const DiskCall& call, const std::filesystem::path& root);

    /// All distinct trees, in the order of the calls.
    [[nodiscard]] const std::vector<LostState>& states() const noexcept { return states_; }

private:
    enum class Unsynced { lost, empty, zeros };
    using Names = std::map<std::string, ino_t>;

    void make_durable(const DiskCall& call);
    [[nodiscard]] TreeImage after_cut(Unsynced unsynced) const;
    void add_lost(TreeImage& tree, const std::string& path, ino_t inode) const;
    void keep(std::string when, TreeImage tree);

    TreeImage now_;
    std::map<ino_t, ImageEntry> last_seen_;  ///< also of what was deleted since
    std::map<ino_t, std::shared_ptr<const std::string>> durable_content_;
    std::map<ino_t, Names> durable_names_;
    ino_t root_ = 0;
    std::size_t calls_ = 0;
    std::vector<LostState> states_;
    std::set<std::string> known_;
};

}  // namespace hab::test
