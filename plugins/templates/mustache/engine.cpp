// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <set>
#include <sstream>

#include "convert.hpp"
#include "syntax.hpp"

namespace mustache_plugin {
namespace {

namespace json = boost::json;
namespace mstch = kainjow::mustache;

constexpr std::size_t block_size = 16384;
constexpr std::size_t max_template = 8u << 20;
constexpr int max_partial_calls = 100000;

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

/// Finds partials in the instance, notes what is read, and counts.
class Engine::Context : public mstch::context<std::string> {
public:
    Context(const Engine& engine, const mstch::data* data)
        : mstch::context<std::string>(data), engine_(engine) {}

    const mstch::data* get(const std::string& name) const override {
        reads_.insert(name);
        return mstch::context<std::string>::get(name);
    }
    const mstch::data* get_partial(const std::string& name) const override {
        if (++partial_calls_ > max_partial_calls) {
            hab::sdk::raise(HAB_STATUS_USAGE, "one render calls more than " +
                                                  std::to_string(max_partial_calls) + " partials");
        }
        const auto found = engine_.templates_.find(name);
        return found == engine_.templates_.end() ? nullptr : &found->second->text;
    }
    [[nodiscard]] const std::set<std::string>& reads() const noexcept { return reads_; }

private:
    const Engine& engine_;
    mutable std::set<std::string> reads_;
    mutable int partial_calls_ = 0;
};

Engine::Engine(hab::sdk::Host, const hab::sdk::Options& given)
    : output_limit_(static_cast<std::size_t>(given.number("output-limit").value_or(64 << 20))) {
    pattern_id("");
}

Engine::Template::Template(Engine& engine, std::string own_name, std::string_view source)
    : name(std::move(own_name)), text(std::string(source)), engine_(engine) {
    if (source.size() > max_template) {
        fail_at(name, source, 0,
                "the template is larger than " + std::to_string(max_template >> 20) + " MiB");
    }
    partials = check_syntax(name, source);
    program = std::make_unique<mstch::mustache>(std::string(source));
    if (!program->is_valid()) {
        fail_at(name, source, offset_in(program->error_message()), program->error_message());
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

/// kainjow calls itself for each partial, so a circle would end in a crash.
void Engine::refuse_recursion(const Template& from, std::vector<const Template*>& path) const {
    if (std::find(path.begin(), path.end(), &from) != path.end()) {
        throw hab::sdk::Error(HAB_STATUS_USAGE, "the partial '" + from.name + "' includes itself",
                              "use the handlebars engine for recursive templates")
            .at(path.front()->name, 1, 1);
    }
    path.push_back(&from);
    for (const std::string& name : from.partials) {
        const auto next = templates_.find(name);
        if (next != templates_.end()) refuse_recursion(*next->second, path);
    }
    path.pop_back();
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
    std::vector<const Template*> path;
    refuse_recursion(compiled, path);
    Context context(*this, &data.get());
    std::ostringstream stream;
    compiled.program->render(context, stream);
    const std::string text = std::move(stream).str();
    if (text.size() > output_limit_) {
        hab::sdk::raise(HAB_STATUS_FAILED, "the output of " + compiled.name + " is larger than " +
                                               std::to_string(output_limit_) + " bytes");
    }
    for (std::size_t at = 0; at < text.size(); at += block_size) {
        out.write(std::string_view(text).substr(at, block_size));
    }
    std::vector<std::uint32_t> ids;
    // "." is an item of a list that has been read itself.
    for (const std::string& name : context.reads()) {
        if (name != ".") ids.push_back(pattern_id(name));
    }
    reads.report(ids);
}

}  // namespace mustache_plugin
