// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/paths.hpp"
#include "base/terminal.hpp"
#include "build/options.hpp"
#include "build/place.hpp"
#include "build/studio_choice.hpp"
#include "host/session.hpp"
#include "plugin/studio.hpp"

namespace hab::build {

/// A studio of any backend: a root that shows, below /hab/pkgs, the packages of the build and
/// nothing else, each one read-only; the source directory as /src; and what the build writes in a
/// directory of its own on the host (`<hab cache>/build/<studio>`), where the driver finds it.
class StudioPlace final : public Place {
public:
    /// `runtime` is the directory of the runtime's shell files. Throws conflict when another build
    /// uses the same studio, not_found when there is no bash package, what choose_studio() throws.
    StudioPlace(const Paths& paths, const BuildOptions& options, const fs::path& runtime,
                const fs::path& plan_context, const Resolver& resolver, Terminal& terminal);
    ~StudioPlace() override;

    [[nodiscard]] const Layout& layout() const noexcept override { return layout_; }
    [[nodiscard]] std::string studio_type() const override { return "default"; }
    [[nodiscard]] bool is_closed() const noexcept override { return true; }
    void open(const Packages& packages, const std::string& own) override;
    [[nodiscard]] std::vector<std::string> limits() const override { return choice_.limits; }
    [[nodiscard]] bool shows(const package::Ident& ident) const override;
    [[nodiscard]] std::unique_ptr<Job> start(const sandbox::Environment& env,
                                             int output_fd) override;
    void clean_up() override;

private:
    void lock();
    void prepare_work(const fs::path& runtime);
    void find_tools(const Resolver& resolver);
    void say_choice(Terminal& terminal) const;
    [[nodiscard]] plugin::StudioSpec make_spec(const std::string& own) const;

    const BuildOptions& options_;
    const Resolver& resolver_;
    fs::path root_;
    fs::path work_;
    std::string name_;
    Layout layout_;
    UniqueFd lock_;
    Packages tools_;    ///< with what they need
    Packages visible_;  ///< tools and the build's packages
    std::string bash_;  ///< path inside
    std::string path_;  ///< PATH of the tools
    bool opened_before_ = false;
    std::atomic<bool> cancelled_{false};
    host::Session session_;
    StudioChoice choice_;
    std::optional<plugin::OpenStudio> open_;
};

}  // namespace hab::build
