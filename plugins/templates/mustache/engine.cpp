// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "context.hpp"
#include "convert.hpp"
#include "near.hpp"
#include "position.hpp"

namespace mustache_plugin {
namespace {

namespace json = boost::json;
namespace mstch = kainjow::mustache;

constexpr std::size_t block_size = 16384;
constexpr std::size_t max_template = 8u << 20;

json::value parse(std::string_view text, const char* what) {
    json::parse_options options;
    options.max_depth = 100;
    json::error_code error;
    json::value value = json::parse(text, error, {}, options);
    if (error) {
        hab::sdk::raise(HAB_STATUS_USAGE,
                        std::string(what) + " is not valid JSON: " + error.message());
    }
    return value;
}

/// kainjow's messages end with "at <offset>".
std::size_t offset_in(const std::string& message) {
    const auto space = message.rfind(' ');
    std::size_t offset = 0;
    if (space != message.npos) {
        std::from_chars(message.data() + space + 1, message.data() + message.size(), offset);
    }
    return offset;
}

}  // namespace

Engine::Engine(hab::sdk::Host, const hab::sdk::Options& given)
    : output_limit_(static_cast<std::size_t>(given.number("output-limit").value_or(64 << 20))),
      is_strict_(given.flag("strict")) {
    pattern_id("");
}

Engine::Template::Template(Engine& engine, std::string own_name, std::string_view given)
    : name(std::move(own_name)), source(given), number(engine.compiled_++), engine_(engine) {
    if (source.size() > max_template) {
        fail_at(name, source, 0,
                "the template is larger than " + std::to_string(max_template >> 20) + " MiB");
    }
    tags = check_syntax(name, source);
    longest_line = mustache_plugin::longest_line(source);
    program = std::make_unique<mstch::mustache>(source);
    if (!program->is_valid()) {
        fail_at(name, source, offset_in(program->error_message()), program->error_message());
    }
    text = source;
    if (engine_.is_strict_) {
        text = mark_tags(source, tags, number);
        program = std::make_unique<mstch::mustache>(text.string_value());
    }
    program->set_custom_escape([](const std::string& value) { return value; });
    engine_.templates_[name] = this;
}

Engine::Template::~Template() {
    const auto mine = engine_.templates_.find(name);
    if (mine != engine_.templates_.end() && mine->second == this) engine_.templates_.erase(mine);
}

Engine::Data::Data(std::string_view text) : json_(parse(text, "the template data")) {}

void Engine::Data::update(std::string_view pointer, std::string_view text) {
    json::value value;
    if (!text.empty()) value = parse(text, "the new template data");
    const auto slash = pointer.rfind('/');
    if (pointer.empty()) {
        json_ = std::move(value);
    } else {
        json::error_code error;
        json::value* parent =
            slash == pointer.npos ? nullptr : json_.find_pointer(pointer.substr(0, slash), error);
        std::string last(pointer.substr(slash + 1));
        for (std::size_t at = 0; (at = last.find('~', at)) != last.npos; ++at) {
            last.replace(at, 2, last.substr(at, 2) == "~1" ? "/" : "~");
        }
        std::size_t index = 0;
        const auto done = std::from_chars(last.data(), last.data() + last.size(), index);
        const bool is_index = done.ec == std::errc{} && done.ptr == last.data() + last.size();
        json::array* list = parent == nullptr ? nullptr : parent->if_array();
        if (list != nullptr && last == "-") index = list->size();
        if (parent != nullptr && parent->is_object()) {
            if (text.empty()) {
                parent->get_object().erase(last);
            } else {
                parent->get_object()[last] = std::move(value);
            }
        } else if (list != nullptr && (is_index || last == "-") && index <= list->size()) {
            if (index < list->size())
                list->erase(list->begin() + static_cast<std::ptrdiff_t>(index));
            if (!text.empty()) {
                list->insert(list->begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
            }
        } else {
            hab::sdk::raise(HAB_STATUS_NOT_FOUND, "cannot update the template data at '" +
                                                      std::string(pointer) + "': nothing is there");
        }
    }
    converted_.reset();
}

const mstch::data& Engine::Data::get() {
    if (!converted_) converted_ = convert(json_);
    return *converted_;
}

std::unique_ptr<Engine::Template> Engine::compile(std::string_view name, std::string_view text) {
    return std::make_unique<Template>(*this, std::string(name), text);
}

std::uint32_t Engine::pattern_id(const std::string& name) {
    const auto [known, is_new] =
        pattern_ids_.try_emplace(name, static_cast<std::uint32_t>(patterns_.size()));
    if (is_new) patterns_.push_back(name);
    return known->second;
}

std::string Engine::pattern(std::uint32_t id) const {
    if (id >= patterns_.size()) {
        hab::sdk::raise(HAB_STATUS_NOT_FOUND, "there is no path pattern " + std::to_string(id));
    }
    return patterns_[id];
}

void Engine::render(Template& compiled, Data& data, hab::sdk::Sink out, hab::sdk::Reads reads) {
    const FindPartial find = [this](const std::string& name) -> const mstch::data* {
        const auto found = templates_.find(name);
        return found == templates_.end() ? nullptr : &found->second->text;
    };
    std::size_t longest = 0;
    for (const auto& known : templates_)
        longest = std::max(longest, known.second->longest_line);
    const Missing missing = [&](const Mark& mark, const char* what) {
        fail_missing(mark, what, data);
    };
    Context context(find, missing, {output_limit_, longest}, &data.get());
    try {
        compiled.program->render(context, context);
    } catch (const hab::sdk::Error& error) {
        if (error.line() != 0) throw;
        throw hab::sdk::Error(error.status(), compiled.name + ": " + error.message(), error.hint());
    }
    const std::string_view text = context.output();
    for (std::size_t at = 0; at < text.size(); at += block_size) {
        out.write(text.substr(at, block_size));
    }
    std::vector<std::uint32_t> ids;
    for (const std::string& name : context.reads())
        ids.push_back(pattern_id(name));
    reads.report(ids);
}

void Engine::fail_missing(const Mark& mark, const char* what, const Data& data) const {
    std::string hint;
    if (std::string_view(what) == "value") {
        hint = missing_hint(data.json(), mark.name);
    } else {
        template_plugins::NearMatch near(mark.name);
        for (const auto& known : templates_)
            near.offer(known.first);
        if (!near.found().empty()) hint = "did you mean '" + near.found() + "'?";
    }
    const std::string message = std::string("there is no ") + what + " '" + mark.name + "'";
    for (const auto& [name, known] : templates_) {
        if (known->number == mark.template_number) {
            fail_at(name, known->source, mark.offset, message, std::move(hint));
        }
    }
    hab::sdk::raise(HAB_STATUS_USAGE, message, std::move(hint));
}

/// Names inside of a section may be those of its items or of what is around: only names outside of
/// sections are certain.
void Engine::inspect(const Template& compiled, hab::sdk::References references) const {
    for (const Tag& tag : compiled.tags) {
        hab::sdk::Reference found;
        const auto [line, column] = template_plugins::position_of(compiled.source, tag.offset);
        found.line = line;
        found.column = column;
        found.file = compiled.name;
        found.text = tag.name;
        if (tag.sigil == '>') {
            found.kind = HAB_REFERENCE_PARTIAL;
            template_plugins::NearMatch near(tag.name);
            for (const auto& known : templates_)
                near.offer(known.first);
            if (templates_.find(tag.name) == templates_.end()) {
                found.flags = HAB_REFERENCE_UNKNOWN;
                found.suggestion = near.found();
            }
            references.report(found);
        } else if (tag.depth == 0 && tag.name != ".") {
            if (tag.sigil == '#' || tag.sigil == '^') found.flags = HAB_REFERENCE_TEST;
            references.report(found);
        }
    }
}

}  // namespace mustache_plugin
