// SPDX-License-Identifier: Apache-2.0
#include "cli/self/completion_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/pkg_export/export_options.hpp"
#include "crypto/key_cache.hpp"
#include "package/installed.hpp"
#include "supervisor/spec_store.hpp"

namespace hab::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array package_argument = {
    ArgumentSpec{"PKG_IDENT_OR_ARTIFACT", "Installed packages or .hart files", true, true}};

/// Commands whose PKG_IDENT is a loaded service, not any package.
bool names_a_service(const WantedValue& wanted) {
    if (wanted.name == "SERVICE" || wanted.name == "NAME") return wanted.option.empty();
    return wanted.name == "PKG_IDENT" && wanted.command.starts_with("svc ") &&
           wanted.command != "svc load";
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

LocalValues::LocalValues(Paths paths, std::vector<std::string> plugin_files)
    : paths_(std::move(paths)), plugin_files_(std::move(plugin_files)) {}

const plugin::Catalogue& LocalValues::catalogue() {
    if (catalogue_ == nullptr) {
        const auto plan =
            plugin::SearchPlan::from_environment({plugin_files_.begin(), plugin_files_.end()},
                                                 plugin::package_plugin_dirs(paths_.pkgs()));
        catalogue_ = std::make_unique<plugin::Catalogue>(plugin::Catalogue::discover(plan));
    }
    return *catalogue_;
}

void LocalValues::add_plugins(plugin::Kind kind, Completion& result) {
    for (const plugin::Candidate* candidate : catalogue().usable(kind))
        result.candidates.push_back({candidate->id, candidate->meta.summary});
}

void LocalValues::add_plugin_names(Completion& result) {
    for (const plugin::Candidate& row : catalogue().rows()) {
        if (!row.kind || row.state != plugin::State::ok) continue;
        result.candidates.push_back(
            {fmt::format("{}/{}", to_string(*row.kind), row.id), row.meta.summary});
    }
}

/// One more part at a time once a version was begun, as with directories: a store can hold
/// thousands of releases.
void LocalValues::add_installed(std::string_view partial, Completion& result) const {
    const auto parts = static_cast<std::size_t>(std::count(partial.begin(), partial.end(), '/'));
    for (const package::Ident& ident : package::InstalledPackages(paths_).list()) {
        std::string word = ident.origin + "/" + ident.name;
        if (parts >= 2) word += "/" + ident.version;
        if (parts >= 3) word += "/" + ident.release;
        result.candidates.push_back({std::move(word), {}});
    }
}

void LocalValues::add_services(bool with_origin, Completion& result) const {
    const supervisor::SpecStore store(paths_.sup() / "specs");
    if (!fs::exists(store.dir())) return;  // no supervisor has run here yet
    for (const auto& [name, spec] : store.load_all().specs) {
        std::string word = with_origin ? spec.ident.origin + "/" + name : name;
        result.candidates.push_back({std::move(word), "loaded: " + spec.ident.to_string()});
    }
}

void LocalValues::add_groups(Completion& result) const {
    const supervisor::SpecStore store(paths_.sup() / "specs");
    if (!fs::exists(store.dir())) return;
    for (const auto& [name, spec] : store.load_all().specs)
        result.candidates.push_back({spec.service_group().to_string(), "loaded here"});
}

void LocalValues::add_programs(std::string_view ident, Completion& result) const {
    const auto wanted = package::Ident::try_parse(ident);
    const auto found = wanted ? package::InstalledPackages(paths_).find(*wanted) : std::nullopt;
    if (!found) return;
    for (const std::string& dir : found->bin_dirs()) {
        std::error_code unreadable;
        for (const auto& entry :
             fs::directory_iterator(paths_.root() / fs::path(dir).relative_path(), unreadable)) {
            result.candidates.push_back({entry.path().filename().string(), {}});
        }
    }
}

void LocalValues::add_keys(bool revisions, Completion& result) const {
    for (const crypto::KeyName& key : crypto::KeyCache::from(paths_).signing_keys())
        result.candidates.push_back({revisions ? key.to_string() : key.name, {}});
}

/// What the values of the name are; false if it says nothing about them.
bool LocalValues::add_named(const WantedValue& wanted, Completion& result) {
    const std::string_view name = wanted.name;
    if (names_a_service(wanted)) {
        add_services(name == "PKG_IDENT", result);
    } else if (is_one_of(name,
                         {"PKG_IDENT", "PKG_IDENT_OR_ARTIFACT", "SOURCE", "BEFORE", "AFTER"})) {
        add_installed(wanted.partial, result);
        result.files = name != "PKG_IDENT";
    } else if (name == "SERVICE_GROUP") {
        add_groups(result);
    } else if (name == "EXPORTER") {
        add_plugins(plugin::Kind::exporter, result);
    } else if (name == "STUDIO") {
        add_plugins(plugin::Kind::studio, result);
    } else if (name == "TOPOLOGY") {
        add_plugins(plugin::Kind::topology, result);
    } else if (name == "ENGINE") {
        add_plugins(plugin::Kind::template_engine, result);
    } else if (name == "PLUGIN") {
        add_plugin_names(result);
    } else if (name == "ORIGIN" || name == "ORIGIN-REVISION") {
        add_keys(name != "ORIGIN", result);
    } else if (name == "CMD" && !wanted.positionals.empty()) {
        add_programs(wanted.positionals.front(), result);
    } else if (name == "CHANNEL") {
        result.candidates = {{"stable", {}}, {"unstable", {}}};
    } else if (wanted.option == "binding-mode") {
        result.candidates = {{"strict", "waits for its binds"}, {"relaxed", "does not wait"}};
    } else {
        return false;
    }
    return true;
}

Completion LocalValues::values(const WantedValue& wanted) {
    Completion result;
    if (exporter_ != nullptr && !wanted.option.empty()) {
        for (const plugin::OptionMeta& option : exporter_->options) {
            if (option.name != wanted.option) continue;
            for (const std::string& word : option.choices)
                result.candidates.push_back({word, {}});
            result.files = option.type == plugin::OptionType::path;
        }
        if (result.files || !result.candidates.empty()) return result;
    }
    if (add_named(wanted, result)) return result;
    if (is_one_of(wanted.name, {"DIR", "CONTEXT", "PLAN_CONTEXT"})) {
        result.directories = true;
    } else if (is_one_of(wanted.name, {"FILE", "DEST", "ARGS", "CMD"})) {
        result.files = true;
    } else if (wanted.name.find('|') != wanted.name.npos) {
        for (const std::string_view word : split(wanted.name, '|'))
            result.candidates.push_back({std::string(word), {}});
    } else {
        for (std::string& word : choices_in(wanted.help))
            result.candidates.push_back({std::move(word), {}});
    }
    return result;
}

const CompletionSource::Further* LocalValues::further(std::string_view command,
                                                      std::string_view first) {
    if (command != "pkg export") return nullptr;
    const plugin::Candidate* exporter = catalogue().find(plugin::Kind::exporter, first);
    if (exporter == nullptr) return nullptr;
    exporter_ = &exporter->meta;
    further_ = {export_options(exporter->meta, false),
                {package_argument.begin(), package_argument.end()}};
    return &further_;
}

}  // namespace hab::cli
