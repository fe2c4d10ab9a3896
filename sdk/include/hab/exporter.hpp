// SPDX-License-Identifier: Apache-2.0
//
// Writing an exporter:
//
//   class Listing {
//   public:
//       explicit Listing(hab::sdk::Host host);            // or (Host, const Options&), or nothing
//       void run(const hab::sdk::ExportRequest& request); // mandatory
//       std::string plan(const ExportRequest& request);   // optional: JSON, no side effects
//       void verify(std::string_view artifact_path);      // optional
//   };
//   HAB_EXPORTER(Listing, "listing", "1.0.0", "Lists what an image would contain");
//
// After the summary, further facts by name: HAB_EXPORTER(…, "summary", .vendor = "Acme").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin.hpp"

namespace hab::sdk {

/// What to export; copies, so it may be kept. See hab_export_request.
struct ExportRequest {
    std::vector<std::string> idents;  ///< fully qualified; the first is the primary
    std::vector<KeyValue> option_values;
    std::string output_dir;
    std::string work_dir;
    std::uint64_t source_epoch = 0;
    bool overwrite = false;

    /// Options declared with HAB_OPTION_PER_RUN. Valid only inside run(), plan() and so on.
    [[nodiscard]] const Options& options() const noexcept { return options_; }

    explicit ExportRequest(const hab_export_request& raw)
        : idents(copy_list(raw.idents, raw.ident_count)),
          option_values(copy_pairs(raw.options, raw.option_count)),
          output_dir(from_abi(raw.output_dir)),
          work_dir(from_abi(raw.work_dir)),
          source_epoch(raw.source_epoch),
          overwrite((raw.flags & HAB_EXPORT_OVERWRITE) != 0),
          options_(raw.options, raw.option_count) {}

private:
    Options options_;
};

template <class Plugin>
concept HasExportRun = requires(Plugin plugin, const ExportRequest& request) {
    { plugin.run(request) } -> std::same_as<void>;
};
template <class Plugin>
concept HasExportPlan = requires(Plugin plugin, const ExportRequest& request) {
    { plugin.plan(request) } -> std::convertible_to<std::string>;
};
template <class Plugin>
concept HasExportVerify = requires(Plugin plugin, std::string_view path) { plugin.verify(path); };

namespace detail {

/// The exporter table of a class.
template <class Plugin>
struct ExporterGlue {
    static_assert(CreatablePlugin<Plugin>,
                  "an exporter needs a constructor (hab::sdk::Host, const hab::sdk::Options&), "
                  "(hab::sdk::Host) or ()");
    static_assert(HasExportRun<Plugin>,
                  "an exporter needs `void run(const hab::sdk::ExportRequest&)`");

    static hab_status plan(void* self, const hab_export_request* request, hab_sink json,
                           hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            if constexpr (HasExportPlan<Plugin>) {
                const std::string text = plugin.plan(ExportRequest(*request));
                Sink(json).write(text);
            }
        });
    }
    static hab_status run(void* self, const hab_export_request* request,
                          hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error,
                                     [&](Plugin& plugin) { plugin.run(ExportRequest(*request)); });
    }
    static hab_status verify(void* self, hab_str path, hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            if constexpr (HasExportVerify<Plugin>) plugin.verify(from_abi(path));
        });
    }

    static constexpr hab_exporter_api api{.struct_size = sizeof(hab_exporter_api),
                                          .plan = HasExportPlan<Plugin> ? &plan : nullptr,
                                          .run = &run,
                                          .verify = HasExportVerify<Plugin> ? &verify : nullptr};
};

}  // namespace detail
}  // namespace hab::sdk

/// HAB_EXPORTER(Class, "id", "version", "summary" [, .field = value …]): makes the class a plugin.
#define HAB_EXPORTER(CLASS, ID, VERSION, SUMMARY, ...)                                       \
    HAB_DETAIL_PLUGIN(HAB_KIND_EXPORTER, ::hab::sdk::detail::ExporterGlue<CLASS>, CLASS,     \
                      HAB_DETAIL_JOIN(exporter_, __COUNTER__), .id = ID, .version = VERSION, \
                      .summary = SUMMARY __VA_OPT__(, ) __VA_ARGS__)
