// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace hab::supervisor {

/// Tells on the loop when files in directories were written, renamed or removed (inotify). Loop
/// only.
class DirWatcher {
public:
    using Callback = std::function<void(const std::string& file_name)>;

    /// Throws io errors.
    explicit DirWatcher(boost::asio::io_context& loop);
    DirWatcher(const DirWatcher&) = delete;
    DirWatcher& operator=(const DirWatcher&) = delete;

    /// Watches a directory; one callback per directory, a second watch replaces the first. Throws
    /// not_found / io / no_space (limit of watches). A file name is "" when events were lost: look
    /// at everything. `keep`: a directory that is removed or moved away is made again and watched on.
    void watch(const std::filesystem::path& dir, Callback callback, bool keep = false);
    void unwatch(const std::filesystem::path& dir);

private:
    void wait();
    void read_events();
    void dispatch(int id, const std::string& name);
    void lost(int id);

    boost::asio::posix::stream_descriptor inotify_;
    struct Watch {
        std::string dir;  ///< text, since a path holds an object for each of its parts
        Callback callback;
        bool keep;
    };
    std::map<int, Watch> watches_;
};

}  // namespace hab::supervisor
