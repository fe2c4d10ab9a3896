// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ring/peer_file.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "supervisor/ring/ring_settings.hpp"

namespace hab::supervisor {
namespace {

constexpr std::size_t largest_file = 1u << 20;

}  // namespace

PeerFile::PeerFile(boost::asio::io_context& loop, std::filesystem::path file,
                   std::function<void(const ring::Endpoint&)> peer,
                   std::function<void(const std::string&)> problem)
    : file_(std::filesystem::absolute(file)),
      peer_(std::move(peer)),
      problem_(std::move(problem)),
      watcher_(loop) {
    watcher_.watch(file_.parent_path(), [this](const std::string& name) {
        if (name.empty() || name == file_.filename()) read();
    });
    read();
}

void PeerFile::read() {
    try {
        const auto text = read_file_if_exists(file_, largest_file);
        if (!text) {
            problem_(fmt::format("The peer watch file {} does not exist yet", file_.string()));
            return;
        }
        std::vector<std::string> problems;
        for (const ring::Endpoint& peer : peers_in(*text, problems))
            peer_(peer);
        for (const std::string& sentence : problems)
            problem_(fmt::format("{}: {}", file_.string(), sentence));
    } catch (const Error& error) {
        problem_(error.message());
    }
}

}  // namespace hab::supervisor
