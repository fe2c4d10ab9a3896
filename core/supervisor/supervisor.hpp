// SPDX-License-Identifier: Apache-2.0
// The process hab-sup, put together.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "supervisor/run_options.hpp"

namespace hab::supervisor {

class Supervisor {
public:
    explicit Supervisor(RunOptions options);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Takes the lock, greets the launcher, opens the gateways and takes over what runs. Throws
    /// hab::Error when this supervisor cannot run.
    void start();
    /// Whether the launcher had a supervisor before: then a failed start must not end its services.
    [[nodiscard]] bool restarted() const noexcept;
    /// Runs until the end; the exit code of the process.
    [[nodiscard]] int run();
    /// Why run() ended with an error that nobody was told yet.
    [[nodiscard]] const std::optional<Error>& failure() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

/// main() of hab-sup without the process around it.
[[nodiscard]] int supervisor_main(const std::vector<std::string>& arguments);

}  // namespace hab::supervisor
