// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::supervisor {
namespace {

plugin::TemplateEngine make_engine(const ServicePackage& package, plugin::Registry& plugins) {
    plugin::OptionValues options;
    const auto& candidate =
        plugins.catalogue().require(plugin::Kind::template_engine, package.template_engine);
    const auto& declared = candidate.meta.options;
    if (std::any_of(declared.begin(), declared.end(),
                    [](const plugin::OptionMeta& option) { return option.name == "mode"; })) {
        options.emplace_back("mode", package.template_mode);
    }
    return plugins.template_engine(package.template_engine, options);
}

config::OutputStyle config_style(const ServiceUser& user) {
    config::OutputStyle style;
    style.file_mode = 0740;
    style.directory_mode = 0770;
    if (user.change) {
        style.owner = user.uid;
        style.group = user.gid;
    }
    return style;
}

config::OutputStyle hook_style() {
    config::OutputStyle style;
    style.file_mode = 0755;
    style.directory_mode = 0755;
    return style;
}

/// Directories below config/ belong to the service user, but are written by the Supervisor: one
/// that was replaced by a link would lead its files elsewhere.
void refuse_links(const std::filesystem::path& source, const std::filesystem::path& target) {
    std::error_code none;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source, none)) {
        if (!entry.is_directory()) continue;
        const auto path = target / entry.path().lexically_relative(source);
        if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, none))) continue;
        throw Error(ErrorCode::denied,
                    fmt::format("will not write configuration through {}: it is a symbolic link",
                                path.string()),
                    "replace it by a directory");
    }
}

constexpr std::string_view hook_prefix = "hooks/";

void note(ChangedFiles& changed, std::string_view name) {
    if (!name.starts_with(hook_prefix)) {
        changed.config = true;
        return;
    }
    const auto hook = hook_from_name(name.substr(hook_prefix.size()));
    if (!hook) return;
    switch (*hook) {
        case Hook::init:
        case Hook::run:
        case Hook::post_run:
            changed.start_hooks = true;
            break;
        case Hook::reconfigure:
            changed.reconfigure_hook = true;
            break;
        default:
            break;  // read when they run: a new text needs nothing else
    }
}

}  // namespace

ServiceFiles::ServiceFiles(const ServicePackage& package, const ServiceTree& tree,
                           const ServiceUser& user, plugin::Registry& plugins,
                           const std::filesystem::path& user_toml)
    : config_(config::ServiceConfig::load({.service = package.state.name,
                                           .default_toml = package.templates / "default.toml",
                                           .user_toml = user_toml})),
      renderer_(make_engine(package, plugins)),
      config_source_(package.templates / "config"),
      config_target_(tree.config()),
      run_source_(package.plain_run ? package.dir / "run" : tree.hooks() / "run"),
      run_(tree.run()) {
    renderer_.add_tree(config_source_, config_target_, config_style(user));
    for (const auto& [hook, path] : package.hooks) {
        const std::string name(to_string(hook));
        renderer_.add_file(std::string(hook_prefix) + name, path, tree.hooks() / name,
                           hook_style());
    }
}

ServiceFiles::Outcome ServiceFiles::render(const Value& context) {
    refuse_links(config_source_, config_target_);
    renderer_.set_data(context);
    Outcome outcome;
    for (const auto& file : renderer_.render_all()) {
        if (file.outcome == config::Rendered::Outcome::unchanged) continue;
        const bool hook = std::string_view(file.name).starts_with(hook_prefix);
        outcome.written.push_back(hook ? file.name : "config/" + file.name);
        note(outcome.changed, file.name);
    }
    WriteOptions options;
    options.mode = 0755;
    if (write_file_if_changed(run_, read_file(run_source_), options)) {
        outcome.changed.start_hooks = true;
        outcome.written.emplace_back("run");
    }
    return outcome;
}

}  // namespace hab::supervisor
