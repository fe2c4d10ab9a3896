// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/paths.hpp"
#include "base/temp_dir.hpp"
#include "build/place.hpp"

namespace hab::build {

/// This machine as it is (`hab pkg build -N`): the host's bash, the caller's environment, packages
/// in /hab/pkgs. The package is installed by being built.
class NativePlace final : public Place {
public:
    /// `runtime` is the directory of the runtime's shell files.
    NativePlace(const Paths& paths, fs::path runtime, fs::path plan_context, fs::path source,
                fs::path output);

    [[nodiscard]] const Layout& layout() const noexcept override { return layout_; }
    [[nodiscard]] std::string studio_type() const override { return {}; }
    [[nodiscard]] bool is_closed() const noexcept override { return false; }
    void open(const Packages&, const std::string&) override {
        make_directories(layout_.source_cache_host);
    }
    [[nodiscard]] bool shows(const package::Ident&) const override { return true; }
    [[nodiscard]] std::unique_ptr<Job> start(const sandbox::Environment& env,
                                             int output_fd) override;

private:
    TempDir control_;
    fs::path runtime_;
    Layout layout_;
};

}  // namespace hab::build
