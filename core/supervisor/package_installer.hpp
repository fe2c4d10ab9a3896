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

private:
    boost::asio::io_context& loop_;
    std::filesystem::path hab_;
    std::set<std::shared_ptr<HookProcess>> running_;
};

/// Ident of an artifact file, as `hab pkg info` tells it; blocks for that short run. Throws.
[[nodiscard]] std::string ident_of_artifact(const std::filesystem::path& hab,
                                            const std::filesystem::path& hart);

}  // namespace hab::supervisor
