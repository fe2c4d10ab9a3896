// SPDX-License-Identifier: Apache-2.0
#include "build/files_list.hpp"

#include "base/tree.hpp"
#include "crypto/hash.hpp"

namespace hab::build {

std::string files_list(const fs::path& tree, const std::string& prefix,
                       const std::map<std::string, std::string>& pending) {
    std::map<std::string, std::string> hashes;  // sorted by path, whatever order the walk has
    walk_tree(tree, [&](const TreeEntry& entry) {
        if (!S_ISREG(entry.info.st_mode)) return;
        hashes[prefix + "/" + entry.relative] = crypto::blake2b_hex_of_file(entry.path.string());
    });
    for (const auto& [name, content] : pending)
        hashes[prefix + "/" + name] = crypto::blake2b_hex(content);
    std::string text;
    for (const auto& [path, hash] : hashes)
        text += hash + "  " + path + "\n";
    return text;
}

}  // namespace hab::build
