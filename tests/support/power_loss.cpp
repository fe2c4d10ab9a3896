// SPDX-License-Identifier: Apache-2.0
#include "support/power_loss.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

namespace hab::test {
namespace {

using Names = std::map<std::string, ino_t>;

/// The names in each directory of a tree, by the directory's inode.
std::map<ino_t, Names> names_of(const TreeImage& tree) {
    std::map<ino_t, Names> all;
    for (const auto& [path, entry] : tree.entries) {
        if (S_ISDIR(entry.mode)) all[entry.inode];
        if (path.empty()) continue;
        const auto slash = path.rfind('/');
        const std::string parent = slash == path.npos ? "" : path.substr(0, slash);
        const std::string name = slash == path.npos ? path : path.substr(slash + 1);
        all[tree.entries.at(parent).inode][name] = entry.inode;
    }
    return all;
}

}  // namespace

PowerLoss::PowerLoss(TreeImage start) : now_(std::move(start)) {
    root_ = now_.entries.at("").inode;
    make_durable({.name = "syncfs", .path = {}, .other = {}, .flushes = true});
    known_.insert(now_.fingerprint());
}

void PowerLoss::record(const DiskCall& call, const std::filesystem::path& root) {
    ++calls_;
    now_ = TreeImage::take(root, &now_);
    for (const auto& [path, entry] : now_.entries)
        last_seen_[entry.inode] = entry;
    if (call.flushes) make_durable(call);
    const std::string when = fmt::format("power cut after call {} ({}), ", calls_, call.text());
    keep(when + "everything unsynced lost", after_cut(Unsynced::lost));
    keep(when + "names kept, unsynced content empty", after_cut(Unsynced::empty));
    keep(when + "names kept, unsynced content zeros", after_cut(Unsynced::zeros));
}

void PowerLoss::make_durable(const DiskCall& call) {
    const bool everything = call.name == "syncfs";
    for (const auto& [path, entry] : now_.entries) {
        last_seen_[entry.inode] = entry;
        if (S_ISDIR(entry.mode)) continue;
        if (everything || entry.inode == call.inode) durable_content_[entry.inode] = entry.content;
    }
    for (auto& [inode, names] : names_of(now_)) {
        if (everything || inode == call.inode) durable_names_[inode] = std::move(names);
    }
}

TreeImage PowerLoss::after_cut(Unsynced unsynced) const {
    TreeImage tree;
    if (unsynced == Unsynced::lost) {
        add_lost(tree, "", root_);
        return tree;
    }
    tree = now_;
    for (auto& [path, entry] : tree.entries) {
        if (!S_ISREG(entry.mode)) continue;
        const auto durable = durable_content_.find(entry.inode);
        if (durable != durable_content_.end() && *durable->second == *entry.content) continue;
        const std::size_t size = unsynced == Unsynced::zeros ? entry.content->size() : 0;
        entry.content = std::make_shared<const std::string>(std::string(size, '\0'));
    }
    return tree;
}

void PowerLoss::add_lost(TreeImage& tree, const std::string& path, ino_t inode) const {
    ImageEntry entry = last_seen_.at(inode);
    if (S_ISREG(entry.mode)) {
        const auto durable = durable_content_.find(inode);
        entry.content = durable != durable_content_.end() ? durable->second
                                                          : std::make_shared<const std::string>();
    }
    tree.entries[path] = entry;
    const auto names = durable_names_.find(inode);
    if (!S_ISDIR(entry.mode) || names == durable_names_.end()) return;
    for (const auto& [name, child] : names->second)
        add_lost(tree, path.empty() ? name : path + "/" + name, child);
}

void PowerLoss::keep(std::string when, TreeImage tree) {
    if (known_.insert(tree.fingerprint()).second) {
        states_.push_back({std::move(when), std::move(tree)});
    }
}

}  // namespace hab::test
