// SPDX-License-Identifier: Apache-2.0
// Between the caller's descriptors and the program in a container.
#pragma once

#include <sys/ioctl.h>
#include <termios.h>

#include <functional>
#include <optional>
#include <string>

#include <hab/studio.hpp>

#include "connection.hpp"

namespace docker_studio {

/// What ended the relay.
enum class Ended { program, cancelled, timed_out };

/// Copies both ways until the program's output ends. Owned by one thread.
class Relay {
public:
    /// `stream` is the attached connection; `resized` gets rows and columns of a terminal, at first
    /// and whenever they change.
    Relay(const hab::sdk::StudioExec& exec, const Connection& stream,
          std::function<void(unsigned, unsigned)> resized);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    Ended run(const hab::sdk::Host& host);

private:
    void pass_input();
    bool pass_output();
    void take(std::string_view bytes);
    void look_at_size();

    const hab::sdk::StudioExec& exec_;
    const Connection& stream_;
    std::function<void(unsigned, unsigned)> resized_;
    std::optional<termios> before_;
    winsize size_{};
    bool input_open_;
    std::string frames_;  ///< not a whole frame yet
};

}  // namespace docker_studio
