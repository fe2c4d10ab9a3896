// SPDX-License-Identifier: Apache-2.0
// One request to the engine whose answer has no end of its own: a connection that stays open.
#pragma once

#include <string>
#include <string_view>

namespace docker_studio {

/// A stream socket to the engine after its answer's head. Owned by one thread.
class Connection {
public:
    /// Connects and sends "METHOD target". With `upgrade` the engine turns the connection into a
    /// plain stream both ways; without, the body of its answer follows until the connection ends.
    /// Throws HAB_STATUS_IO, with the engine's own words for an answer >= 400.
    Connection(const std::string& socket, std::string_view target, bool upgrade);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }
    /// What came together with the head: the first bytes of the stream.
    [[nodiscard]] const std::string& begun() const noexcept { return begun_; }
    /// Waits for the end of the answer.
    [[nodiscard]] std::string read_to_end();

private:
    void connect(const std::string& socket);
    void send(std::string_view text) const;
    void read_head(std::string_view target);
    std::size_t receive(char* into, std::size_t size) const;

    int fd_ = -1;
    std::string begun_;
};

}  // namespace docker_studio
