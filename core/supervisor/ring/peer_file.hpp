// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "ring/address.hpp"
#include "supervisor/dir_watcher.hpp"

namespace hab::supervisor {

/// The file of --peer-watch-file: read at the start and whenever it changes. Loop only.
class PeerFile {
public:
    /// `peer` is told each peer in it, those known already too; `problem` in a sentence what could
    /// not be used. Throws not_found if the directory is missing, io errors.
    PeerFile(boost::asio::io_context& loop, std::filesystem::path file,
             std::function<void(const ring::Endpoint&)> peer,
             std::function<void(const std::string&)> problem);

private:
    void read();

    std::filesystem::path file_;
    std::function<void(const ring::Endpoint&)> peer_;
    std::function<void(const std::string&)> problem_;
    DirWatcher watcher_;  ///< its own: another watch of the directory would take the place of this
};

}  // namespace hab::supervisor
