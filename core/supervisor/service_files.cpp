// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/plain_file.hpp"
#include "base/tree.hpp"
#include "supervisor/input_changes.hpp"

namespace hab::supervisor {
namespace {

constexpr std::string_view hook_prefix = "hooks/";

/// "redis.conf" -> "config/redis.conf"; hooks have their directory in the name.
std::string name_in_tree(const std::string& name) {
    return name.starts_with(hook_prefix) ? name : "config/" + name;
}

/// Makes the directories from `top` to `path`: the service user may look into them, but nobody else.
void make_readable(const std::filesystem::path& top, const std::filesystem::path& path,
                   const ServiceUser& user) {
    if (path != top) make_readable(top, path.parent_path(), user);
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return;
    make_directories(path, 0750);
    if (user.change && ::chown(path.c_str(), static_cast<uid_t>(-1), user.gid) != 0) {
        throw Error::from_errno(fmt::format("cannot give {} to its service", path.string()));
    }
}

config::LayerSources with_ring(config::LayerSources sources, std::optional<Value> ring) {
    sources.ring = std::move(ring);
    return sources;
}

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

config::LayerSources layer_sources(const std::string& service,
                                   const std::filesystem::path& templates,
                                   const std::filesystem::path& user_toml) {
    config::LayerSources sources;
    sources.service = service;
    sources.default_toml = templates / package::metafile::default_toml;
    sources.user_toml = user_toml;
    sources.schema_toml = templates / config::schema_file_name;
    const auto order = sources.environment(config::layer_order_variable);
    if (order && !order->empty()) sources.order = config::layer_order_from(*order);
    return sources;
}

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

ServiceFiles::ServiceFiles(const ServicePackage& package, const ServiceTree& tree,
                           const ServiceUser& user, plugin::Registry& plugins,
                           const std::filesystem::path& user_toml, std::optional<Value> ring)
    : config_(config::ServiceConfig::load(with_ring(
          layer_sources(package.service, package.templates, user_toml), std::move(ring)))),
      shown_(std::make_shared<const Value>(config_.redacted())),
      renderer_(config::make_template_engine(package.templating, plugins)),
      config_source_(package.templates / "config"),
      config_target_(tree.config()),
      run_source_(package.plain_run ? package.dir / "run" : tree.hooks() / "run"),
      run_(tree.run()) {
    renderer_.add_tree(config_source_, config_target_, config_style(user));
    const auto names = renderer_.names();
    has_subdirectories_ = std::any_of(names.begin(), names.end(), [](const std::string& name) {
        return name.find('/') != std::string::npos;
    });
    for (const auto& [hook, path] : package.hooks) {
        const std::string name(to_string(hook));
        renderer_.add_file(std::string(hook_prefix) + name, path, tree.hooks() / name,
                           hook_style());
    }
}

bool ServiceFiles::reload_user() {
    if (!config_.reload_user()) return false;
    shown_ = std::make_shared<const Value>(config_.redacted());
    return true;
}

bool ServiceFiles::set_ring(std::optional<Value> layer) {
    if (!config_.set_ring(std::move(layer))) return false;
    shown_ = std::make_shared<const Value>(config_.redacted());
    return true;
}

void ServiceFiles::check_ring(Value layer) const {
    config::ServiceConfig trial = config_;
    (void)trial.set_ring(std::move(layer));
}

std::vector<std::string> ServiceFiles::secret_texts() const {
    return hidden_texts(config_.merged(), *shown_);
}

ServiceFiles::Outcome ServiceFiles::render(const Value& context) {
    renderer_.set_data(context);
    return write_due();
}

ServiceFiles::Outcome ServiceFiles::update(std::span<const ContextChange> changes,
                                           const std::function<Value()>& context) {
    if (renderer_.has_data()) {
        for (const ContextChange& change : changes)
            renderer_.update_data(change.pointer, change.part, change.changed);
    } else {
        std::vector<std::string> pointers;
        for (const ContextChange& change : changes)
            pointers.insert(pointers.end(), change.changed.begin(), change.changed.end());
        renderer_.reload_data(context(), pointers);
    }
    return write_due();
}

bool ServiceFiles::stage(const Value& context, const std::filesystem::path& dir,
                         const ServiceUser& user) {
    renderer_.set_data(context);
    remove_tree(dir);
    const std::string check = std::string(hook_prefix) + std::string(to_string(Hook::config_check));
    bool differs = false;
    for (const std::string& name : renderer_.names()) {
        const bool is_config = !name.starts_with(hook_prefix);
        const std::string text = renderer_.render(name);
        const auto used = (is_config ? std::filesystem::path(config_target_) / name
                                     : std::filesystem::path(run_).parent_path() / name);
        differs = differs || !plain_file_holds(used, text);
        if (!is_config && name != check) continue;
        WriteOptions options;
        options.durable = false;
        options.mode = is_config ? 0640 : 0750;
        if (user.change) options.group = user.gid;
        const auto target = dir / name_in_tree(name);
        make_readable(dir, target.parent_path(), user);
        write_file_atomic(target, text, options);
    }
    make_readable(dir, dir / "config", user);
    renderer_.release_small_data();
    return differs;
}

ServiceFiles::Outcome ServiceFiles::write_due() {
    if (has_subdirectories_) refuse_links(config_source_, config_target_);
    Outcome outcome;
    outcome.report = renderer_.render_changed();
    renderer_.release_small_data();
    for (auto& file : outcome.report.rendered) {
        const std::string name = std::exchange(file.name, name_in_tree(file.name));
        if (file.outcome == config::Rendered::Outcome::unchanged) continue;
        outcome.written.push_back(file.name);
        note(outcome.changed, name);
    }
    for (std::string& name : outcome.report.skipped)
        name = name_in_tree(name);
    WriteOptions options;
    options.mode = 0755;
    options.durable = false;  // compared and written again at the next start, as all rendered files
    if (write_file_if_changed(run_, read_file(run_source_), options)) {
        outcome.changed.start_hooks = true;
        outcome.written.emplace_back("run");
    }
    return outcome;
}

}  // namespace hab::supervisor
