// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "supervisor/hook_process.hpp"

namespace hab::supervisor {

/// Installs packages by running `hab pkg install`: so this process links neither the HTTP client
/// nor the archive code. Loop only.
class PackageInstaller {
public:
    /// `hab`: the program to run.
    PackageInstaller(boost::asio::io_context& loop, std::filesystem::path hab)
        : loop_(loop), hab_(std::move(hab)) {}
    ~PackageInstaller();

    using Line = std::function<void(std::string_view)>;
    using Done = std::function<void(const Error* error)>;
    /// `wanted`: an ident or the path of a .hart. `channel` and `url` may be empty.
    void install(const std::string& wanted, const std::string& channel, const std::string& url,
                 Line line, Done done);

    using ArtifactDone = std::function<void(const std::string& ident, const Error* error)>;
    /// Installs a .hart and tells its ident.
    void install_artifact(const std::string& file, Line line, ArtifactDone done);

private:
    using Ended = std::function<void(const HookResult& result)>;
    void run(std::vector<std::string> arguments, Line line, Ended ended);

    boost::asio::io_context& loop_;
    std::filesystem::path hab_;
    std::set<std::shared_ptr<HookProcess>> running_;
};

}  // namespace hab::supervisor
