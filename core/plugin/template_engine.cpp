// SPDX-License-Identifier: Apache-2.0
#include "plugin/template_engine.hpp"

#include <hab/plugin.h>

#include <utility>

#include "plugin/desc_reader.hpp"
#include "plugin/excerpt.hpp"
#include "plugin/instance.hpp"

namespace hab::plugin {
namespace {

const hab_template_api& api_of(const Instance& instance) {
    return *instance.api<hab_template_api>();
}

/// Collects the ids of one render.
struct ReadsCollector {
    std::vector<std::uint32_t>* ids;

    static hab_status take(void* ctx, const std::uint32_t* ids, std::size_t count) noexcept {
        try {
            static_cast<ReadsCollector*>(ctx)->ids->assign(ids, ids + count);
            return HAB_STATUS_OK;
        } catch (const std::bad_alloc&) {
            return HAB_STATUS_FAILED;
        }
    }
};

/// Collects what inspect reports.
struct ReferencesCollector {
    std::vector<TemplateReference>* found;

    static hab_status take(void* ctx, const hab_template_reference* given) noexcept {
        try {
            const hab_template_reference reference = read_struct(given);
            TemplateReference made;
            switch (reference.kind) {
                case HAB_REFERENCE_PATH:
                    break;
                case HAB_REFERENCE_HELPER:
                    made.kind = TemplateReference::Kind::helper;
                    break;
                case HAB_REFERENCE_PARTIAL:
                    made.kind = TemplateReference::Kind::partial;
                    break;
                default:
                    return HAB_STATUS_OK;  // of a newer plugin
            }
            made.dynamic = (reference.flags & HAB_REFERENCE_DYNAMIC) != 0;
            made.guarded = (reference.flags & HAB_REFERENCE_GUARDED) != 0;
            made.test = (reference.flags & HAB_REFERENCE_TEST) != 0;
            made.unknown = (reference.flags & HAB_REFERENCE_UNKNOWN) != 0;
            made.file = from_abi(reference.file);
            made.line = reference.line;
            made.column = reference.column;
            made.text = from_abi(reference.text);
            made.suggestion = from_abi(reference.suggestion);
            static_cast<ReferencesCollector*>(ctx)->found->push_back(std::move(made));
            return HAB_STATUS_OK;
        } catch (const std::bad_alloc&) {
            return HAB_STATUS_FAILED;
        }
    }
};

}  // namespace

TemplateHandle::TemplateHandle(std::shared_ptr<Instance> instance, void* handle,
                               Release release) noexcept
    : instance_(std::move(instance)), handle_(handle), release_(release) {}

TemplateHandle::TemplateHandle(TemplateHandle&& other) noexcept
    : instance_(std::move(other.instance_)),
      handle_(std::exchange(other.handle_, nullptr)),
      release_(other.release_) {}

TemplateHandle& TemplateHandle::operator=(TemplateHandle&& other) noexcept {
    if (this != &other) {
        reset();
        instance_ = std::move(other.instance_);
        handle_ = std::exchange(other.handle_, nullptr);
        release_ = other.release_;
    }
    return *this;
}

TemplateHandle::~TemplateHandle() {
    reset();
}

void TemplateHandle::reset() noexcept {
    if (!instance_) return;
    {
        const auto guard = instance_->lock();
        release_(instance_->self(), std::exchange(handle_, nullptr));
    }
    instance_.reset();
}

TemplateEngine::TemplateEngine(std::shared_ptr<Instance> instance)
    : instance_(std::move(instance)), sources_(std::make_shared<Sources>()) {
    const auto* api = instance_->api<hab_template_api>();
    if (!offers(api, &hab_template_api::compile) || !offers(api, &hab_template_api::load) ||
        !offers(api, &hab_template_api::update) || !offers(api, &hab_template_api::render) ||
        !offers(api, &hab_template_api::pattern) || !offers(api, &hab_template_api::release) ||
        !offers(api, &hab_template_api::release_data)) {
        instance_->lacks("be used as a template engine: it misses a mandatory function");
    }
}

const PluginMeta& TemplateEngine::meta() const noexcept {
    return instance_->meta();
}

/// Calls the plugin; to a failure at a place of a known text, that line is added.
template <class Fn>
void TemplateEngine::call(Fn&& fn) const {
    hab_error failure;
    const hab_status status = instance_->run(failure, std::forward<Fn>(fn));
    if (status == HAB_STATUS_OK) return;
    const Error error = to_error(meta().label(), status, failure);
    if (failure.line == 0) throw error;
    throw Error(error.code(),
                error.message() + excerpt(source(failure.file), failure.line, failure.column),
                error.hint());
}

std::string_view TemplateEngine::source(std::string_view name) const noexcept {
    const auto found = sources_->find(name);
    return found == sources_->end() ? std::string_view{} : found->second;
}

CompiledTemplate TemplateEngine::compile(std::string_view name, std::string_view text) const {
    void* handle = nullptr;
    const auto [entry, is_new] = sources_->try_emplace(std::string(name));
    std::string previous = std::exchange(entry->second, std::string(text));
    try {
        call([&](hab_error* error) {
            return api_of(*instance_)
                .compile(instance_->self(), to_abi(name), to_abi(text), &handle, error);
        });
    } catch (const Error&) {
        // The template of that name, if there is one, is still the one before.
        entry->second = std::move(previous);
        if (is_new) sources_->erase(entry);
        throw;
    }
    return {instance_, handle, api_of(*instance_).release};
}

TemplateData TemplateEngine::load(std::string_view json) const {
    void* handle = nullptr;
    instance_->call([&](hab_error* error) {
        return api_of(*instance_).load(instance_->self(), to_abi(json), &handle, error);
    });
    return {instance_, handle, api_of(*instance_).release_data};
}

void TemplateEngine::update(TemplateData& data, std::string_view pointer,
                            std::string_view json) const {
    instance_->call([&](hab_error* error) {
        return api_of(*instance_)
            .update(instance_->self(), data.get(), to_abi(pointer), to_abi(json), error);
    });
}

std::string TemplateEngine::render(const CompiledTemplate& compiled, const TemplateData& data,
                                   std::vector<std::uint32_t>* reads) const {
    TextSink out;
    ReadsCollector collector{reads};
    const hab_reads_sink sink{
        .struct_size = sizeof(hab_reads_sink), .ctx = &collector, .reads = &ReadsCollector::take};
    call([&](hab_error* error) {
        return api_of(*instance_)
            .render(instance_->self(), compiled.get(), data.get(), out.abi(),
                    reads == nullptr ? nullptr : &sink, error);
    });
    return std::move(out.text());
}

std::string TemplateEngine::pattern(std::uint32_t id) const {
    TextSink text;
    instance_->call([&](hab_error* error) {
        return api_of(*instance_).pattern(instance_->self(), id, text.abi(), error);
    });
    return std::move(text.text());
}

bool TemplateEngine::can_inspect() const noexcept {
    return offers(instance_->api<hab_template_api>(), &hab_template_api::inspect);
}

std::vector<TemplateReference> TemplateEngine::inspect(const CompiledTemplate& compiled) const {
    if (!can_inspect()) instance_->lacks("tell what a template refers to");
    std::vector<TemplateReference> found;
    ReferencesCollector collector{&found};
    const hab_references_sink sink{.struct_size = sizeof(hab_references_sink),
                                   .ctx = &collector,
                                   .reference = &ReferencesCollector::take};
    call([&](hab_error* error) {
        return api_of(*instance_).inspect(instance_->self(), compiled.get(), &sink, error);
    });
    return found;
}

}  // namespace hab::plugin
