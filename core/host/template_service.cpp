// SPDX-License-Identifier: Apache-2.0
// hab.template/1: one text rendered by an engine plugin.
#include "host/abi_copy.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"

namespace hab::host {
namespace {

constexpr std::string_view default_engine = "handlebars";

hab_status render(const hab_host* host, hab_str engine, hab_str name, hab_str template_text,
                  hab_str json, hab_sink out, hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const auto registry = Context::of(host).state().registry();
        const std::string_view id = plugin::from_abi(engine);
        const plugin::TemplateEngine instance =
            registry->template_engine(id.empty() ? default_engine : id);
        const plugin::CompiledTemplate compiled =
            instance.compile(plugin::from_abi(name), plugin::from_abi(template_text));
        const plugin::TemplateData data = instance.load(plugin::from_abi(json));
        plugin::put(out, instance.render(compiled, data));
    });
}

}  // namespace

const hab_template_service template_table = {sizeof(hab_template_service), render};

}  // namespace hab::host
