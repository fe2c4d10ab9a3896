// SPDX-License-Identifier: Apache-2.0
#include "config/renderer.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"

namespace hab::config {
namespace {

struct Template {
    std::string name;
    fs::path source;
    fs::path target;
    OutputStyle style;
    plugin::CompiledTemplate compiled;
};

/// Makes missing parents of a target, each with the style's mode and owner.
void make_parents(const fs::path& directory, const OutputStyle& style) {
    if (directory.empty() || fs::exists(directory)) return;
    make_parents(directory.parent_path(), style);
    make_directories(directory, style.directory_mode);
    if (!style.owner && !style.group) return;
    const uid_t owner = style.owner.value_or(static_cast<uid_t>(-1));
    const gid_t group = style.group.value_or(static_cast<gid_t>(-1));
    if (::chown(directory.c_str(), owner, group) != 0) {
        throw Error::from_errno(fmt::format("cannot give the directory '{}' to user {}, group {}",
                                            directory.string(), owner, group));
    }
}

/// Regular files below a directory, as relative paths in name order.
std::vector<std::string> files_below(const fs::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) {
            names.push_back(entry.path().lexically_relative(directory).generic_string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

struct Renderer::Impl {
    explicit Impl(plugin::TemplateEngine given) : engine(std::move(given)) {}

    plugin::TemplateEngine engine;
    std::vector<Template> templates;
    std::optional<plugin::TemplateData> data;

    [[nodiscard]] const Template* find(std::string_view name) const {
        const auto found = std::find_if(templates.begin(), templates.end(),
                                        [&](const Template& each) { return each.name == name; });
        return found == templates.end() ? nullptr : &*found;
    }

    /// Engines name a template as it was compiled; people look for the file. `extra` is a template
    /// that is not in the list yet.
    [[nodiscard]] Error relocate(const Error& error, const std::string& extra_name = {},
                                 const fs::path& extra_source = {}) const {
        const ErrorCode code =
            error.code() == ErrorCode::usage ? ErrorCode::invalid_input : error.code();
        const auto is_about = [&](const std::string& name) {
            return !name.empty() && error.message().starts_with(name + ":");
        };
        const auto moved = [&](const std::string& name, const fs::path& source) {
            return Error(code, source.string() + error.message().substr(name.size()), error.hint());
        };
        if (is_about(extra_name)) return moved(extra_name, extra_source);
        for (const Template& each : templates) {
            if (is_about(each.name)) return moved(each.name, each.source);
        }
        return {code, error.message(), error.hint()};
    }

    [[nodiscard]] Template compile(std::string name, const fs::path& source, const fs::path& target,
                                   const OutputStyle& style) const {
        if (find(name) != nullptr) {
            throw Error(ErrorCode::already_exists,
                        fmt::format("cannot add the template '{}': there is already one of the "
                                    "name '{}'",
                                    source.string(), name));
        }
        const std::string text = read_file(source, 8u << 20);
        try {
            plugin::CompiledTemplate compiled = engine.compile(name, text);
            return {std::move(name), source, target, style, std::move(compiled)};
        } catch (const Error& error) {
            throw relocate(error, name, source);
        }
    }

    [[nodiscard]] std::string render(const Template& which, std::vector<std::string>* reads) const {
        if (!data) {
            throw Error(ErrorCode::bug, fmt::format("cannot render '{}': no data has been set",
                                                    which.source.string()));
        }
        try {
            std::vector<std::uint32_t> ids;
            std::string text =
                engine.render(which.compiled, *data, reads == nullptr ? nullptr : &ids);
            for (const std::uint32_t id : ids)
                reads->push_back(engine.pattern(id));
            return text;
        } catch (const Error& error) {
            throw relocate(error);
        }
    }
};

Renderer::Renderer(plugin::TemplateEngine engine)
    : impl_(std::make_unique<Impl>(std::move(engine))) {}
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;
Renderer::~Renderer() = default;

std::size_t Renderer::add_tree(const fs::path& source, const fs::path& target,
                               const OutputStyle& style, std::string_view prefix) {
    if (!fs::is_directory(source)) return 0;
    std::vector<Template> added;
    for (const std::string& name : files_below(source)) {
        added.push_back(
            impl_->compile(std::string(prefix) + name, source / name, target / name, style));
    }
    const std::size_t count = added.size();
    std::move(added.begin(), added.end(), std::back_inserter(impl_->templates));
    return count;
}

void Renderer::add_file(std::string name, const fs::path& source, const fs::path& target,
                        const OutputStyle& style) {
    impl_->templates.push_back(impl_->compile(std::move(name), source, target, style));
}

void Renderer::set_data(const Value& root) {
    impl_->data = impl_->engine.load(to_json(root));
}

void Renderer::update_data(std::string_view pointer, const Value& part) {
    if (!impl_->data) {
        throw Error(ErrorCode::bug, "cannot update the template data: none has been set");
    }
    impl_->engine.update(*impl_->data, pointer, to_json(part));
}

std::string Renderer::render(std::string_view name) const {
    const Template* found = impl_->find(name);
    if (found == nullptr) {
        throw Error(ErrorCode::not_found, fmt::format("there is no template '{}'", name));
    }
    return impl_->render(*found, nullptr);
}

std::vector<Rendered> Renderer::render_all() {
    return render_matching({});
}

std::vector<Rendered> Renderer::render_matching(std::string_view prefix) {
    std::vector<Rendered> results;
    std::vector<std::pair<const Template*, std::string>> changed;
    for (const Template& each : impl_->templates) {
        if (!each.name.starts_with(prefix)) continue;
        Rendered result{each.name, each.target, Rendered::Outcome::unchanged, {}};
        std::string text = impl_->render(each, &result.reads);
        const auto old = read_file_if_exists(each.target);
        if (!old) result.outcome = Rendered::Outcome::created;
        if (old && *old != text) result.outcome = Rendered::Outcome::modified;
        if (result.outcome != Rendered::Outcome::unchanged) {
            changed.emplace_back(&each, std::move(text));
        }
        results.push_back(std::move(result));
    }
    for (const auto& [which, text] : changed) {
        make_parents(which->target.parent_path(), which->style);
        // Not durable: whatever is lost in a power cut is rendered again at the next start.
        write_file_atomic(which->target, text,
                          {.mode = which->style.file_mode,
                           .owner = which->style.owner,
                           .group = which->style.group,
                           .durable = false});
    }
    return results;
}

std::vector<std::string> Renderer::names() const {
    std::vector<std::string> names;
    for (const Template& each : impl_->templates)
        names.push_back(each.name);
    return names;
}

}  // namespace hab::config
