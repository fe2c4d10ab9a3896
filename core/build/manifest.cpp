// SPDX-License-Identifier: Apache-2.0
// The MANIFEST metafile: Markdown for people, with the whole plan.
#include <fmt/format.h>

#include <array>

#include "base/strings.hpp"
#include "build/package_files.hpp"

namespace hab::build {
namespace {

using package::Ident;

/// Every item in backticks, a blank after each.
std::string quoted(const std::vector<std::string>& items, std::string_view none) {
    if (items.empty()) return std::string(none);
    std::string text;
    for (const std::string& item : items)
        text += fmt::format("`{}` ", item);
    return text;
}

std::string link_or(const std::string& url, std::string_view none) {
    return url.empty() ? std::string(none) : fmt::format("[{0}]({0})", url);
}

std::string build_flags(const PlanValues& plan) {
    static constexpr std::array names = {"CFLAGS", "CPPFLAGS", "CXXFLAGS", "LDFLAGS",
                                         "LD_RUN_PATH"};
    std::string text;
    for (const char* name : names) {
        const std::string& value = plan.text(name);
        text += value.empty() ? fmt::format("no {}\n", name) : fmt::format("{}: {}\n", name, value);
    }
    return text;
}

}  // namespace

std::string manifest_text(const PackageFacts& facts) {
    const PlanValues& plan = facts.plan;
    const Ident& ident = facts.ident;
    std::string text =
        fmt::format("# {} / {}\n\n{}\n\n", ident.origin, ident.name, plan.text("pkg_description"));
    const auto line = [&](std::string_view key, std::string_view value) {
        text += fmt::format("* __{}__: {}\n", key, value);
    };
    line("Maintainer", plan.text("pkg_maintainer"));
    line("Version", ident.version);
    line("Release", ident.release);
    line("Target", facts.target.name());
    line("Upstream URL", link_or(plan.text("pkg_upstream_url"),
                                 "upstream project's website or home page is not defined"));
    line("License", join(plan.list("pkg_license"), " "));
    line("Source", link_or(plan.text("pkg_source"), "source url is not defined"));
    line("SHA", plan.text("pkg_shasum").empty() ? "SHA checksum is not provided"
                                                : fmt::format("`{}`", plan.text("pkg_shasum")));
    line("Path", fmt::format("`{}`", facts.prefix()));
    line("Build Dependencies",
         quoted(plan.list("pkg_build_deps"), "no build dependencies or undefined"));
    line("Dependencies", quoted(plan.list("pkg_deps"), "no runtime dependencies or undefined"));
    line("Interpreters", quoted(plan.list("pkg_interpreters"), "no interpreters or undefined"));
    text += fmt::format("\n# Plan\n\n## Build Flags\n\n```bash\n{}```\n\n", build_flags(plan));
    text += fmt::format("## Plan Source\n\n```bash\n{}\n```\n", trim(facts.plan_source));
    return text;
}

}  // namespace hab::build
