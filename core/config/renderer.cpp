// SPDX-License-Identifier: Apache-2.0
#include "config/renderer.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/plain_file.hpp"
#include "config/changes.hpp"
#include "config/read_index.hpp"
#include "plugin/excerpt.hpp"

namespace hab::config {
namespace {

struct Template {
    std::string name;
    // Text: a path holds an object for each of its parts, a KiB for these two.
    std::string source;
    std::string target;
    OutputStyle style;
    plugin::CompiledTemplate compiled;
    bool due = true;  ///< not rendered (and written) since the data that it reads changed
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
    std::size_t data_size = 0;  ///< bytes of JSON that it was loaded from
    ReadIndex index;
    std::vector<std::string> changed;  ///< JSON Pointers, since the last render_changed()

    [[nodiscard]] const Template* find(std::string_view name) const {
        const auto found = std::find_if(templates.begin(), templates.end(),
                                        [&](const Template& each) { return each.name == name; });
        return found == templates.end() ? nullptr : &*found;
    }

    [[nodiscard]] const Template& require(std::string_view name) const {
        const Template* found = find(name);
        if (found == nullptr) {
            throw Error(ErrorCode::not_found, fmt::format("there is no template '{}'", name));
        }
        return *found;
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
            return {std::move(name), source.native(), target.native(), style, std::move(compiled)};
        } catch (const Error& error) {
            throw relocate(error, name, source);
        }
    }

    [[nodiscard]] std::string render(const Template& which,
                                     std::vector<std::uint32_t>* reads) const {
        if (!data) {
            throw Error(ErrorCode::bug,
                        fmt::format("cannot render '{}': no data has been set", which.source));
        }
        try {
            return engine.render(which.compiled, *data, reads);
        } catch (const Error& error) {
            throw relocate(error);
        }
    }

    void load(const Value& root) {
        const std::string json = to_json(root);
        data = engine.load(json);
        data_size = json.size();
    }

    void note_change(std::string_view pointer) {
        if (std::find(changed.begin(), changed.end(), pointer) == changed.end()) {
            changed.emplace_back(pointer);
        }
        index.for_each_reader(pointer, [this](std::size_t which) { templates[which].due = true; });
    }

    /// Renders those of `which`, then writes what differs.
    std::vector<Rendered> render_and_write(const std::vector<std::size_t>& which) {
        std::vector<Rendered> results;
        std::vector<std::pair<const Template*, std::string>> differing;
        for (const std::size_t each : which) {
            const Template& one = templates[each];
            std::vector<std::uint32_t> reads;
            std::string text = render(one, &reads);
            index.set_reads(each, std::move(reads),
                            [this](std::uint32_t id) { return engine.pattern(id); });
            Rendered result{one.name, one.target, Rendered::Outcome::unchanged, index.reads(each)};
            // The directory may be that of the service's user.
            if (!plain_file_holds(one.target, text)) {
                const bool there = fs::exists(fs::symlink_status(one.target));
                result.outcome = there ? Rendered::Outcome::modified : Rendered::Outcome::created;
            }
            if (result.outcome != Rendered::Outcome::unchanged) {
                differing.emplace_back(&one, std::move(text));
            }
            results.push_back(std::move(result));
        }
        for (const auto& [one, text] : differing)
            write(*one, text);
        for (const std::size_t each : which)
            templates[each].due = false;
        return results;
    }

    static void write(const Template& which, const std::string& text) {
        make_parents(fs::path(which.target).parent_path(), which.style);
        // Not durable: whatever is lost in a power cut is rendered again at the next start.
        write_file_atomic(which.target, text,
                          {.mode = which.style.file_mode,
                           .owner = which.style.owner,
                           .group = which.style.group,
                           .durable = false});
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
    impl_->load(root);
    for (Template& each : impl_->templates)
        each.due = true;
    impl_->changed = {std::string()};
}

void Renderer::update_data(std::string_view pointer, const Value& part) {
    const std::string whole(pointer);
    update_data(pointer, part, std::span(&whole, 1));
}

void Renderer::update_data(std::string_view pointer, const Value& part,
                           std::span<const std::string> changed) {
    if (!impl_->data) {
        throw Error(ErrorCode::bug, "cannot update the template data: none has been set");
    }
    impl_->engine.update(*impl_->data, pointer, to_json(part));
    for (const std::string& each : changed)
        impl_->note_change(each);
}

void Renderer::release_small_data() {
    // Less than a millisecond; the data of a large ring takes longer and is updated in parts.
    constexpr std::size_t quickly_loaded = 64 * 1024;
    if (impl_->data_size <= quickly_loaded) impl_->data.reset();
}

bool Renderer::has_data() const noexcept {
    return impl_->data.has_value();
}

void Renderer::reload_data(const Value& root, std::span<const std::string> changed) {
    impl_->load(root);
    for (const std::string& each : changed)
        impl_->note_change(each);
}

std::string Renderer::render(std::string_view name) const {
    return impl_->render(impl_->require(name), nullptr);
}

RenderReport Renderer::render_changed() {
    std::vector<std::size_t> due;
    RenderReport report;
    for (std::size_t i = 0; i < impl_->templates.size(); ++i) {
        if (impl_->templates[i].due) {
            due.push_back(i);
        } else {
            report.skipped.push_back(impl_->templates[i].name);
        }
    }
    report.rendered = impl_->render_and_write(due);
    for (const std::string& pointer : std::exchange(impl_->changed, {}))
        report.changed.push_back(dotted(pointer));
    return report;
}

std::vector<Rendered> Renderer::render_all() {
    impl_->changed.clear();
    return render_matching({});
}

std::vector<Rendered> Renderer::render_matching(std::string_view prefix) {
    std::vector<std::size_t> matching;
    for (std::size_t i = 0; i < impl_->templates.size(); ++i) {
        if (impl_->templates[i].name.starts_with(prefix)) matching.push_back(i);
    }
    return impl_->render_and_write(matching);
}

std::vector<Reference> Renderer::references(std::string_view name) const {
    std::vector<Reference> out;
    for (auto& what : impl_->engine.inspect(impl_->require(name).compiled)) {
        const Template* file = impl_->find(what.file);
        std::string place = fmt::format("{}:{}:{}", file == nullptr ? what.file : file->source,
                                        what.line, what.column);
        std::string line = plugin::excerpt(impl_->engine.source(what.file), what.line, what.column);
        out.push_back({std::move(what), std::move(place), std::move(line)});
    }
    return out;
}

std::vector<std::string> Renderer::names() const {
    std::vector<std::string> names;
    for (const Template& each : impl_->templates)
        names.push_back(each.name);
    return names;
}

}  // namespace hab::config
