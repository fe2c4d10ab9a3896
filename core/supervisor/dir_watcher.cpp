// SPDX-License-Identifier: Apache-2.0
#include "supervisor/dir_watcher.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"

namespace hab::supervisor {

namespace {

constexpr std::uint32_t interesting =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MOVE_SELF | IN_ONLYDIR;

int open_inotify() {
    const int fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0) throw Error::from_errno("cannot watch directories");
    return fd;
}

}  // namespace

DirWatcher::DirWatcher(boost::asio::io_context& loop) : inotify_(loop, open_inotify()) {
    wait();
}

void DirWatcher::watch(const std::filesystem::path& dir, Callback callback, bool keep) {
    const int id = ::inotify_add_watch(inotify_.native_handle(), dir.c_str(), interesting);
    if (id < 0) throw Error::from_errno(fmt::format("cannot watch {}", dir.string()));
    watches_[id] = Watch{dir.native(), std::move(callback), keep};
}

void DirWatcher::unwatch(const std::filesystem::path& dir) {
    for (auto it = watches_.begin(); it != watches_.end(); ++it) {
        if (it->second.dir != dir.native()) continue;
        // The directory may be gone already, and the watch with it.
        static_cast<void>(::inotify_rm_watch(inotify_.native_handle(), it->first));
        watches_.erase(it);
        return;
    }
}

void DirWatcher::wait() {
    inotify_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                            if (error) return;
                            wait();
                            read_events();
                        });
}

void DirWatcher::read_events() {
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    // A burst of writes to one file is one change.
    std::set<std::pair<int, std::string>> seen;
    std::set<int> gone;
    for (;;) {
        const ssize_t size = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) break;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* name = buffer.data() + at + sizeof event;
            at += sizeof event + event.len;
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                for (const auto& [id, watch] : watches_)
                    seen.emplace(id, "");
            } else if ((event.mask & IN_MOVE_SELF) != 0) {
                static_cast<void>(::inotify_rm_watch(inotify_.native_handle(), event.wd));
            } else if ((event.mask & IN_IGNORED) != 0) {
                gone.insert(event.wd);
            } else {
                seen.emplace(event.wd, event.len > 0 ? std::string(name) : std::string());
            }
        }
    }
    for (const auto& [id, name] : seen)
        dispatch(id, name);
    for (const int id : gone)
        lost(id);
}

void DirWatcher::lost(int id) {
    auto node = watches_.extract(id);
    if (node.empty()) return;  // unwatch() was called
    const Watch gone = std::move(node.mapped());
    try {
        if (gone.keep) {
            make_directories(gone.dir);
            watch(gone.dir, gone.callback, true);
        }
    } catch (const Error& error) {
        log::warn("supervisor", "changes in {} are only seen after a restart: {}", gone.dir,
                  error.message());
    }
    gone.callback("");
}

void DirWatcher::dispatch(int id, const std::string& name) {
    const auto found = watches_.find(id);
    if (found == watches_.end()) return;
    const auto callback = found->second.callback;  // it may end its own watch
    callback(name);
}

}  // namespace hab::supervisor
