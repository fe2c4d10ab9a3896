// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ring/peer_file.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "supervisor/ring/ring_settings.hpp"

namespace hab::supervisor {
namespace {

constexpr std::size_t largest_file = 1u << 20;

}  // namespace

struct PeerFile::Link {
    std::mutex mutex;
    boost::asio::io_context* loop;  ///< null at the end; may be used while the mutex is held
    PeerFile* file;                 ///< loop only; null at the end
};

PeerFile::PeerFile(boost::asio::io_context& loop, std::filesystem::path file,
                   std::function<void(const ring::Endpoint&)> peer,
                   std::function<void(const std::string&)> problem)
    : file_(std::filesystem::absolute(file)),
      peer_(std::move(peer)),
      problem_(std::move(problem)),
      link_(std::make_shared<Link>()),
      watcher_(loop) {
    link_->loop = &loop;
    link_->file = this;
    watcher_.watch(file_.parent_path(), [this](const std::string& name) {
        if (name.empty() || name == file_.filename()) read();
    });
    read();
}

PeerFile::~PeerFile() {
    const std::lock_guard lock(link_->mutex);
    link_->loop = nullptr;
    link_->file = nullptr;
}

void PeerFile::read() {
    if (looking_up_) {
        changed_ = true;
        return;
    }
    try {
        const auto text = read_file_if_exists(file_, largest_file);
        if (!text) {
            problem_(fmt::format("The peer watch file {} does not exist yet", file_.string()));
            return;
        }
        look_up(*text);
    } catch (const Error& error) {
        problem_(error.message());
    }
}

void PeerFile::look_up(std::string text) {
    const auto work = [link = link_, text = std::move(text)] {
        std::vector<std::string> problems;
        auto peers = peers_in(text, problems);
        const std::lock_guard lock(link->mutex);
        if (link->loop == nullptr) return;
        boost::asio::post(*link->loop,
                          [link, peers = std::move(peers), problems = std::move(problems)] {
                              if (link->file != nullptr) link->file->found(peers, problems);
                          });
    };
    try {
        std::thread(work).detach();
    } catch (const std::system_error& error) {
        problem_(fmt::format("cannot read {}: no thread can be started: {}", file_.string(),
                             error.what()));
        return;
    }
    looking_up_ = true;
}

void PeerFile::found(const std::vector<ring::Endpoint>& peers,
                     const std::vector<std::string>& problems) {
    for (const ring::Endpoint& peer : peers)
        peer_(peer);
    for (const std::string& sentence : problems)
        problem_(fmt::format("{}: {}", file_.string(), sentence));
    looking_up_ = false;
    if (std::exchange(changed_, false)) read();
}

}  // namespace hab::supervisor
