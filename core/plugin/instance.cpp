// SPDX-License-Identifier: Apache-2.0
#include "plugin/instance.hpp"

#include <fmt/format.h>

#include "plugin/desc_reader.hpp"
#include "plugin/library.hpp"

namespace hab::plugin {

Instance::Instance(std::shared_ptr<Library> library, const hab_plugin_desc& raw,
                   std::shared_ptr<const PluginMeta> meta, std::shared_ptr<HostContext> context,
                   ResolvedOptions options)
    : library_(std::move(library)),
      meta_(std::move(meta)),
      options_(std::move(options)),
      host_(std::make_unique<Host>(meta_->label(), std::move(context))) {
    switch (meta_->thread_model) {
        case ThreadModel::one_per_library:
            mutex_ = &library_->mutex();
            break;
        case ThreadModel::one_per_instance:
            mutex_ = &own_mutex_;
            break;
        case ThreadModel::free:
            break;
    }
    const hab_plugin_desc desc = read_struct(&raw);
    api_ = desc.api;
    destroy_ = desc.destroy;
    std::vector<hab_kv> items;
    items.reserve(options_.instance.size());
    for (const auto& [name, value] : options_.instance) {
        items.push_back({to_abi(name), to_abi(value)});
    }
    const hab_config config{
        .struct_size = sizeof(hab_config), .count = items.size(), .items = items.data()};
    call([&](hab_error* error) { return desc.create(host_->abi(), &config, &self_, error); });
}

Instance::~Instance() {
    const auto guard = lock();
    destroy_(self_);
}

std::unique_lock<std::mutex> Instance::lock() const {
    return mutex_ == nullptr ? std::unique_lock<std::mutex>{} : std::unique_lock(*mutex_);
}

void Instance::threw() const {
    throw Error(
        ErrorCode::bug,
        fmt::format("{} broke: it let a C++ exception out of a plugin function", meta_->label()),
        "this is a bug of the plugin; tell its vendor");
}

void Instance::lacks(std::string_view what) const {
    throw Error(ErrorCode::unsupported, fmt::format("{} cannot {}", meta_->label(), what),
                "`hab plugin info` shows what a plugin can do");
}

}  // namespace hab::plugin
