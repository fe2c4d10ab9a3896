// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <algorithm>

#include "inspect.hpp"
#include "near.hpp"

namespace handlebars {
namespace {

constexpr std::size_t block_size = 16384;

}  // namespace

Engine::Engine(hab::sdk::Host host, const hab::sdk::Options& given)
    : patterns_(names_),
      environment_{host,
                   given.text("mode") == "modern" ? Mode::modern : Mode::classic,
                   names_,
                   patterns_,
                   [this](std::string_view name) {
                       const auto found = partials_.find(name);
                       return found == partials_.end() ? nullptr : found->second;
                   },
                   [this](std::string_view name) {
                       template_plugins::NearMatch near(name);
                       for (const auto& partial : partials_)
                           near.offer(partial.first);
                       return near.found();
                   },
                   static_cast<std::size_t>(given.number("output-limit").value_or(64 << 20)),
                   given.flag("strict")} {}

Engine::Template::Template(Engine& engine, std::unique_ptr<Program> program)
    : engine_(engine), program_(std::move(program)) {
    engine_.partials_[program_->source.name] = program_.get();
}

Engine::Template::~Template() {
    // A later compilation of the same name may have taken its place.
    const auto mine = engine_.partials_.find(program_->source.name);
    if (mine != engine_.partials_.end() && mine->second == program_.get()) {
        engine_.partials_.erase(mine);
    }
}

std::unique_ptr<Engine::Template> Engine::compile(std::string_view name, std::string_view text) {
    auto program = parse(name, text, names_, environment_.mode);
    names_.keep_all();
    for (const auto& [offset, message] : program->warnings)
        environment_.host.warn(program->source.where(offset) + ": " + message);
    return std::make_unique<Template>(*this, std::move(program));
}

std::unique_ptr<Data> Engine::load(std::string_view json) {
    return std::make_unique<Data>(names_, json);
}

void Engine::update(Data& data, std::string_view pointer, std::string_view json) {
    data.update(pointer, json);
}

void Engine::render(const Template& compiled, const Data& data, hab::sdk::Sink out,
                    hab::sdk::Reads reads) {
    Render render(environment_, data.root(), reads.wanted(), buffer_);
    render.run(compiled.program());
    std::string_view rest = buffer_.view();
    while (!rest.empty()) {
        out.write(rest.substr(0, block_size));
        rest.remove_prefix(std::min(block_size, rest.size()));
    }
    reads.report(render.reads());
}

void Engine::inspect(const Template& compiled, hab::sdk::References references) {
    Inspect(environment_, references).run(compiled.program());
}

}  // namespace handlebars
