// SPDX-License-Identifier: Apache-2.0
#include "plugin/registry.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "plugin/desc_reader.hpp"
#include "plugin/instance.hpp"
#include "plugin/library.hpp"

namespace hab::plugin {

class Registry::Impl {
public:
    Impl(Catalogue found, ContextFactory factory)
        : catalogue(std::move(found)), contexts(std::move(factory)) {}

    std::shared_ptr<Library> library(const Candidate& candidate) {
        const std::scoped_lock guard(mutex_);
        auto& slot = libraries_[candidate.path.string()];
        if (!slot) slot = Library::load(candidate);
        return slot;
    }

    std::shared_ptr<Instance> create(Kind kind, std::string_view id, const OptionValues& given) {
        if (auto linked = find_linked(kind, id)) return make(linked->first, linked->second, given);
        const Candidate& candidate = catalogue.require(kind, id);
        // Options first: a wrong one is found without running code of the plugin.
        auto options = resolve_options(candidate.meta, given);
        return make(candidate, library(candidate), std::move(options));
    }

    void add_linked(const hab_plugin_table& table) {
        const std::scoped_lock guard(mutex_);
        const auto library = Library::linked(table);
        for (std::uint32_t i = 0; i < table.count; ++i) {
            Candidate row;
            row.meta = meta_of(*table.items[i], table.abi_minor);
            row.kind = row.meta.kind;
            row.id = row.meta.id;
            row.state = State::ok;
            linked_.emplace_back(std::move(row), library);
        }
    }

    Catalogue catalogue;
    ContextFactory contexts;

private:
    using Linked = std::pair<Candidate, std::shared_ptr<Library>>;

    std::optional<Linked> find_linked(Kind kind, std::string_view id) {
        const std::scoped_lock guard(mutex_);
        const auto it = std::find_if(linked_.begin(), linked_.end(), [&](const Linked& one) {
            return one.first.kind == kind && one.first.id == id;
        });
        return it == linked_.end() ? std::nullopt : std::optional(*it);
    }

    std::shared_ptr<Instance> make(const Candidate& candidate, std::shared_ptr<Library> library,
                                   const OptionValues& given) {
        return make(candidate, std::move(library), resolve_options(candidate.meta, given));
    }

    std::shared_ptr<Instance> make(const Candidate& candidate, std::shared_ptr<Library> library,
                                   ResolvedOptions options) {
        const auto& desc = library->descriptor(candidate);
        return std::make_shared<Instance>(std::move(library), desc, shared_meta(candidate),
                                          contexts(candidate.meta), std::move(options));
    }

    std::shared_ptr<const PluginMeta> shared_meta(const Candidate& candidate) {
        const std::scoped_lock guard(mutex_);
        auto& slot = metas_[candidate.path.string() + ' ' + candidate.meta.label()];
        if (!slot) slot = std::make_shared<const PluginMeta>(candidate.meta);
        return slot;
    }

    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Library>> libraries_;
    std::map<std::string, std::shared_ptr<const PluginMeta>> metas_;
    std::vector<Linked> linked_;
};

namespace {

/// Names of the members that are set, given the table's names in order.
template <class Api, class... Members>
std::vector<std::string> set_members(const void* table,
                                     std::pair<const char*, Members Api::*>... members) {
    const auto* api = static_cast<const Api*>(table);
    std::vector<std::string> names;
    ((offers(api, members.second) ? names.emplace_back(members.first) : names.emplace_back()), ...);
    std::erase(names, std::string{});
    return names;
}

template <class Member, class Api>
std::pair<const char*, Member Api::*> named(const char* name, Member Api::* member) {
    return {name, member};
}

}  // namespace

Registry::Registry(Catalogue catalogue, ContextFactory contexts)
    : impl_(std::make_unique<Impl>(std::move(catalogue), std::move(contexts))) {}

Registry::~Registry() = default;

const Catalogue& Registry::catalogue() const noexcept {
    return impl_->catalogue;
}

Exporter Registry::exporter(std::string_view id, const OptionValues& given) {
    return Exporter(impl_->create(Kind::exporter, id, given));
}
Studio Registry::studio(std::string_view id, const OptionValues& given) {
    return Studio(impl_->create(Kind::studio, id, given));
}
Topology Registry::topology(std::string_view id, const OptionValues& given) {
    return Topology(impl_->create(Kind::topology, id, given));
}
TemplateEngine Registry::template_engine(std::string_view id, const OptionValues& given) {
    return TemplateEngine(impl_->create(Kind::template_engine, id, given));
}

std::vector<std::string> Registry::capabilities(const Candidate& candidate) {
    const hab_plugin_desc desc = read_struct(&impl_->library(candidate)->descriptor(candidate));
    switch (candidate.meta.kind) {
        case Kind::exporter:
            return set_members(desc.api, named("plan", &hab_exporter_api::plan),
                               named("run", &hab_exporter_api::run),
                               named("verify", &hab_exporter_api::verify));
        case Kind::studio:
            return set_members(
                desc.api, named("probe", &hab_studio_api::probe),
                named("create", &hab_studio_api::create), named("run", &hab_studio_api::run),
                named("remove", &hab_studio_api::remove), named("list", &hab_studio_api::list));
        case Kind::topology:
            return set_members(desc.api, named("min_members", &hab_topology_api::min_members),
                               named("step", &hab_topology_api::step),
                               named("describe", &hab_topology_api::describe));
        case Kind::template_engine:
            return set_members(desc.api, named("compile", &hab_template_api::compile),
                               named("load", &hab_template_api::load),
                               named("update", &hab_template_api::update),
                               named("render", &hab_template_api::render),
                               named("pattern", &hab_template_api::pattern));
    }
    return {};
}

void Registry::add_static(const hab_plugin_table& table) {
    impl_->add_linked(table);
}

}  // namespace hab::plugin
