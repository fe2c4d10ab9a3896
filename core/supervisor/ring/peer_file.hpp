// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ring/address.hpp"
#include "supervisor/dir_watcher.hpp"

namespace hab::supervisor {

/// The file of --peer-watch-file: read at the start and whenever it changes. Loop only. Names are
/// looked up on a thread of its own, since a resolver may take long to answer; nobody waits for it
/// at the end.
class PeerFile {
public:
    /// `peer` is told each peer in it, those known already too; `problem` in a sentence what could
    /// not be used. Throws not_found if the directory is missing, io errors.
    PeerFile(boost::asio::io_context& loop, std::filesystem::path file,
             std::function<void(const ring::Endpoint&)> peer,
             std::function<void(const std::string&)> problem);
    ~PeerFile();
    PeerFile(const PeerFile&) = delete;
    PeerFile& operator=(const PeerFile&) = delete;

private:
    /// What the thread may still reach when this object and its loop are gone.
    struct Link;

    void read();
    void look_up(std::string text);
    void found(const std::vector<ring::Endpoint>& peers, const std::vector<std::string>& problems);

    std::filesystem::path file_;
    std::function<void(const ring::Endpoint&)> peer_;
    std::function<void(const std::string&)> problem_;
    bool looking_up_ = false;
    bool changed_ = false;  ///< since the lookup began
    std::shared_ptr<Link> link_;
    DirWatcher watcher_;  ///< its own: another watch of the directory would take the place of this
};

}  // namespace hab::supervisor
