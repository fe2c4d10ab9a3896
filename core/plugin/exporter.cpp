// SPDX-License-Identifier: Apache-2.0
#include "plugin/exporter.hpp"

#include <hab/plugin.h>

#include "plugin/instance.hpp"

namespace hab::plugin {
namespace {

/// The request as the ABI wants it, pointing into the C++ one.
class RawRequest {
public:
    RawRequest(const ExportRequest& request, const OptionValues& options)
        : output_dir_(request.output_dir.string()), work_dir_(request.work_dir.string()) {
        for (const auto& ident : request.idents)
            idents_.push_back(to_abi(ident));
        for (const auto& [name, value] : options)
            options_.push_back({to_abi(name), to_abi(value)});
        raw_ = {.struct_size = sizeof(hab_export_request),
                .flags = request.overwrite ? HAB_EXPORT_OVERWRITE : 0u,
                .idents = idents_.data(),
                .ident_count = idents_.size(),
                .options = options_.data(),
                .option_count = options_.size(),
                .output_dir = to_abi(output_dir_),
                .work_dir = to_abi(work_dir_),
                .source_epoch = request.source_epoch};
    }
    RawRequest(const RawRequest&) = delete;
    RawRequest& operator=(const RawRequest&) = delete;
    [[nodiscard]] const hab_export_request* get() const noexcept { return &raw_; }

private:
    std::string output_dir_;
    std::string work_dir_;
    std::vector<hab_str> idents_;
    std::vector<hab_kv> options_;
    hab_export_request raw_{};
};

}  // namespace

Exporter::Exporter(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

const PluginMeta& Exporter::meta() const noexcept {
    return instance_->meta();
}

std::string Exporter::plan(const ExportRequest& request) const {
    const auto* api = instance_->api<hab_exporter_api>();
    if (!offers(api, &hab_exporter_api::plan))
        instance_->lacks("say beforehand what it would write");
    const RawRequest raw(request, instance_->per_run_options());
    TextSink json;
    instance_->call([&](hab_error* error) {
        return api->plan(instance_->self(), raw.get(), json.abi(), error);
    });
    return std::move(json.text());
}

void Exporter::run(const ExportRequest& request) const {
    const auto* api = instance_->api<hab_exporter_api>();
    if (!offers(api, &hab_exporter_api::run)) instance_->lacks("export");
    const RawRequest raw(request, instance_->per_run_options());
    instance_->call(
        [&](hab_error* error) { return api->run(instance_->self(), raw.get(), error); });
}

void Exporter::verify(const std::filesystem::path& artifact) const {
    const auto* api = instance_->api<hab_exporter_api>();
    if (!offers(api, &hab_exporter_api::verify)) instance_->lacks("verify artefacts");
    const auto path = artifact.string();
    instance_->call(
        [&](hab_error* error) { return api->verify(instance_->self(), to_abi(path), error); });
}

}  // namespace hab::plugin
