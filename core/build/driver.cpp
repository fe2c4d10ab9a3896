// SPDX-License-Identifier: Apache-2.0
#include "build/driver.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/strings.hpp"
#include "base/tree.hpp"
#include "build/elf_files.hpp"
#include "build/package_schema.hpp"
#include "build/packer.hpp"

namespace hab::build {
namespace {

using package::Ident;

constexpr std::string_view pkgs_inside = "/hab/pkgs";

const std::string& field(const Request& request, std::size_t index) {
    if (index >= request.fields.size()) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("the build runtime sent '{}' with too few fields", request.verb));
    }
    return request.fields[index];
}

int status_of(const Error& error) {
    const auto* build_error = dynamic_cast<const BuildError*>(&error);
    return build_error != nullptr ? build_error->exit_code() : 1;
}

TreeDir descend(const fs::path& root, std::string_view below) {
    TreeDir dir(root);
    for (const std::string_view part : split(below, '/'))
        dir = dir.descend(std::string(part));
    return dir;
}

}  // namespace

void Driver::start(Mode mode) {
    mode_ = mode;
    restart_ = false;
    prepared_ = false;
    env_ = {};
    tree_.reset();
    refused_.reset();
    failed_.reset();
}

Reply Driver::handle(const Request& request) {
    try {
        return answer(request);
    } catch (const Error& error) {
        const int status = status_of(error);
        refused_ = BuildError(status, error);
        return {status, {error.message()}};
    }
}

Reply Driver::answer(const Request& request) {
    using Handler = Reply (Driver::*)(const Request&);
    static constexpr std::array<std::pair<std::string_view, Handler>, 18> handlers{{
        {"plan", &Driver::on_plan},
        {"begun", &Driver::on_begun},
        {"derive", &Driver::on_derive},
        {"source_date", &Driver::on_source_date},
        {"env", &Driver::on_env},
        {"path", &Driver::on_path},
        {"ready", &Driver::on_ready},
        {"scaffolding", &Driver::on_scaffolding},
        {"interpreter", &Driver::on_interpreter},
        {"config", &Driver::on_config},
        {"service", &Driver::on_service},
        {"resolve", &Driver::on_resolve},
        {"fresh_prefix", &Driver::on_fresh_prefix},
        {"download", &Driver::on_download},
        {"verify", &Driver::on_verify},
        {"elf_files", &Driver::on_elf_files},
        {"pack", &Driver::on_pack},
        {"failed", &Driver::on_failed},
    }};
    if (request.verb == "hello") return hello();
    for (const auto& [verb, handler] : handlers) {
        if (request.verb == verb) return (this->*handler)(request);
    }
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("the build runtime asked for '{}', which does not exist", request.verb));
}

Ident Driver::ident() const {
    return Ident::parse(fmt::format("{}/{}/{}/{}", plan_.text("pkg_origin"), plan_.text("pkg_name"),
                                    plan_.text("pkg_version"), plan_.text("pkg_release")));
}

fs::path Driver::tree_of(const std::string& prefix) const {
    const std::string base = std::string(pkgs_inside) + "/";
    const auto ident =
        prefix.starts_with(base) ? Ident::try_parse(prefix.substr(base.size())) : std::nullopt;
    if (!ident || !ident->fully_qualified() || ident->origin != plan_.text("pkg_origin") ||
        ident->name != plan_.text("pkg_name")) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("pkg_prefix is '{}', but a package of this plan lives in "
                                "/hab/pkgs/{}/{}/VERSION/RELEASE",
                                prefix, plan_.text("pkg_origin"), plan_.text("pkg_name")),
                    "do not set pkg_prefix in the plan");
    }
    return parts_.place.layout().pkgs_host / prefix.substr(base.size());
}

TreeDir Driver::open_tree(const std::string& prefix) const {
    static_cast<void>(tree_of(prefix));  // checks it
    return descend(parts_.place.layout().pkgs_host, prefix.substr(pkgs_inside.size() + 1));
}

void Driver::say(const std::string& text) {
    parts_.log.write(fmt::format("   {}: {}\n", plan_.text("pkg_name"), text));
}

void Driver::make_room(const std::string& prefix) {
    const fs::path tree = tree_of(prefix);
    std::error_code none;
    if (fs::exists(tree, none)) {
        say("Replacing what is in " + prefix);
        const fs::path below = fs::path(prefix).lexically_relative(pkgs_inside);
        // A plan may have put a link in the place of any of these directories.
        const TreeDir above =
            descend(parts_.place.layout().pkgs_host, below.parent_path().string());
        try {
            remove_tree(above.place() / below.filename());
        } catch (const Error& error) {
            throw error.in("cannot replace " + prefix);
        }
    }
    tree_ = tree;
}

Reply Driver::on_fresh_prefix(const Request& request) {
    make_room(field(request, 0));
    return {};
}

Reply Driver::on_config(const Request& request) {
    install_config(parts_.plan_files, open_tree(field(request, 0)), field(request, 1));
    return {};
}

Reply Driver::on_service(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    install_run_script(plan_, open_tree(plan_.text("pkg_prefix")));
    return {};
}

Reply Driver::on_download(const Request& request) {
    const std::string& name = field(request, 1);
    std::string their_name =
        parts_.sources.fetch(field(request, 0), name, field(request, 2), field(request, 3));
    const Layout& layout = parts_.place.layout();
    if (layout.source_cache_host != parts_.sources.cache()) {
        parts_.sources.copy_to(name, layout.source_cache_host);
    }
    return {0, {std::move(their_name)}};
}

Reply Driver::on_verify(const Request& request) {
    if (field(request, 1).empty() && parts_.sources.is_proven(field(request, 0))) return {};
    verify_source(parts_.place.layout().source_cache_host, parts_.place.is_closed(),
                  field(request, 0), field(request, 1));
    return {};
}

Reply Driver::on_elf_files(const Request& request) {
    const std::string& prefix = field(request, 0);
    const TreeDir tree = open_tree(prefix);
    std::map<std::string, std::vector<std::string>> files;
    for (const ElfFile& file : find_elf_files(tree.place()))
        files[file.kind].push_back(prefix + "/" + file.relative);
    Assignments values;
    values.list("executables", files["executable"]);
    values.list("shared_objects", files["shared"]);
    values.list("archives", files["archive"]);
    return values.reply();
}

Reply Driver::on_pack(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    env_.store(plan_);
    const Ident own = ident();
    if (tree_of(plan_.text("pkg_prefix")) != tree_of("/" + own.relative_path())) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("pkg_prefix is '{}', but the package is {}",
                                plan_.text("pkg_prefix"), own.to_string()),
                    "call update_pkg_version after you have changed the version");
    }
    const Layout& layout = parts_.place.layout();
    const fs::path tree = checked_tree(layout.pkgs_host, own);
    for (const std::string& warning : check_package_schema(tree, plan_))
        parts_.log.write(fmt::format("   {}: WARNING: {}\n", own.name, warning));
    PackageFacts facts{.plan = plan_,
                       .deps = deps_,
                       .ident = own,
                       .target = parts_.target,
                       .native = !parts_.place.is_closed(),
                       .has_run_script = false,
                       .pkg_config_dirs = {},
                       .default_toml = {},
                       .plan_source = parts_.plan_source};
    parts_.log.write(fmt::format("   {}: Packing and signing {}\n", own.name, own.to_string()));
    const fs::path artifact =
        pack_package(std::move(facts), tree, parts_.keys, parts_.paths.artifact_cache(),
                     parts_.compression, parts_.interrupts);
    artifact_ = parts_.results.finish(own, parts_.target, artifact);
    return {0, {"s:pkg_artifact", "1", artifact.string()}};
}

Reply Driver::on_failed(const Request& request) {
    if (request.fields.size() == 4) failed_ = request.fields;
    return {};
}

BuildError Driver::problem(int exit_code) const {
    const std::string name =
        plan_.text("pkg_name").empty()
            ? std::string("the plan")
            : fmt::format("{}/{}", plan_.text("pkg_origin"), plan_.text("pkg_name"));
    const std::string hint = parts_.log.is_open() ? fmt::format("everything it printed is in '{}'",
                                                                parts_.log.path().string())
                                                  : std::string("what it printed is above");
    if (!failed_) {
        if (refused_) return *refused_;
        return {
            exit_code,
            Error(ErrorCode::failed,
                  fmt::format("building {} ended early with status {}", name, exit_code), hint)};
    }
    const std::vector<std::string>& report = *failed_;
    std::string message =
        fmt::format("building {} failed in {} with status {}", name, report[1], report[0]);
    if (!report[2].empty()) {
        message += ": " + report[2];
    } else if (!report[3].empty()) {
        message += ", at: " + report[3];
    }
    return {exit_code, Error(ErrorCode::failed, message, hint)};
}

}  // namespace hab::build
