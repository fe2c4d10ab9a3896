// SPDX-License-Identifier: Apache-2.0
#include "supervisor/install_files.hpp"

#include "config/layers.hpp"
#include "config/renderer.hpp"
#include "supervisor/service_files.hpp"
#include "supervisor/template_context.hpp"

namespace hab::supervisor {

HookCommand prepare_package_hook(const package::InstalledPackage& package,
                                 const package::InstalledPackages& store, std::string_view hook,
                                 plugin::Registry& plugins) {
    const auto& meta = package.meta();
    const ServiceUser user = choose_service_user(meta.read_or_empty(package::metafile::svc_user),
                                                 meta.read_or_empty(package::metafile::svc_group),
                                                 package.ident().to_string());
    const PackageState state = package_state(package, store, user);
    const ServiceTree tree(store.paths().svc(state.name));
    prepare_service_tree(tree, user);

    const auto templates = package.dir() / "config_install";
    const std::string name(hook);
    config::Renderer renderer(config::make_template_engine(template_choice(meta), plugins));
    renderer.add_tree(templates, tree.root / "config_install", config_style(user),
                      "config_install/");
    renderer.add_file("hooks/" + name, package.dir() / "hooks" / name, tree.hooks() / name,
                      hook_style());
    const auto sources =
        layer_sources(state.name, package.dir(), store.paths().user_config(state.name));
    renderer.set_data(package_context(state, config::ServiceConfig::load(sources).merged()));
    refuse_links(templates, tree.root / "config_install");
    renderer.render_all();

    HookCommand command;
    command.spec.argv = {(tree.hooks() / name).string()};
    command.spec.env = service_environment(state.env);
    command.spec.cwd = tree.root;
    if (user.change) command.spec.ids = sandbox::Ids{user.uid, user.gid, user.groups};
    command.stdout_log = tree.logs() / (name + ".stdout.log");
    command.stderr_log = tree.logs() / (name + ".stderr.log");
    return command;
}

}  // namespace hab::supervisor
