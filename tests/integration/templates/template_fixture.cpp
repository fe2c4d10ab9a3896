// SPDX-License-Identifier: Apache-2.0
#include "template_fixture.hpp"

#include <unistd.h>

#include "support/world.hpp"

namespace hab::config {
namespace {

plugin::Registry& registry() {
    static plugin::Registry loaded = [] {
        plugin::SearchPlan plan;
        for (const char* name : {"handlebars", "mustache"}) {
            plan.files.push_back(test::program("lib/hab/plugins/1") /
                                 (std::string("hab-template-") + name + ".so"));
        }
        plan.effective_uid = geteuid();
        return plugin::Registry(plugin::Catalogue::discover(plan), plugin::no_services());
    }();
    return loaded;
}

}  // namespace

Renderer make_renderer(const char* engine, const char* mode) {
    plugin::OptionValues options;
    if (std::string_view(engine) == "handlebars") options.emplace_back("mode", mode);
    return Renderer(registry().template_engine(engine, options));
}

}  // namespace hab::config
