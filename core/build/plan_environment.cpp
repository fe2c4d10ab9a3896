// SPDX-License-Identifier: Apache-2.0
#include "build/plan_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/strings.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

[[noreturn]] void refuse(std::string message, std::string hint) {
    throw BuildError(1, Error(ErrorCode::invalid_input, std::move(message), std::move(hint)));
}

std::string value_of(const PlanEnvironment::Map& map, const std::string& name) {
    const auto found = map.find(name);
    return found == map.end() ? std::string() : found->second;
}

void add_provenance(PlanEnvironment::Map& provenance, const std::string& name,
                    const std::string& ident) {
    std::string& text = provenance[name];
    const auto words = split(text, ' ');
    if (std::find(words.begin(), words.end(), ident) != words.end()) return;
    text = text.empty() ? ident : ident + " " + text;
}

void check_name(const EnvironmentChange& change) {
    static constexpr std::array computed = {"PATH",     "LD_RUN_PATH", "LDFLAGS",        "CFLAGS",
                                            "CPPFLAGS", "CXXFLAGS",    "PKG_CONFIG_PATH"};
    if (std::find(computed.begin(), computed.end(), change.name) == computed.end()) return;
    refuse(fmt::format("{}: {} is computed by the builder", change.function, change.name),
           "use pkg_bin_dirs, pkg_lib_dirs and the like");
}

}  // namespace

std::string merge_lists(std::string_view separator, std::string_view front, std::string_view back) {
    std::string result;
    std::set<std::string, std::less<>> seen;
    for (std::string_view rest : {front, back}) {
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(separator), rest.size());
            const std::string_view item = rest.substr(0, end);
            rest.remove_prefix(std::min(end + separator.size(), rest.size()));
            if (item.empty() || !seen.emplace(item).second) continue;
            if (!result.empty()) result += separator;
            result += item;
        }
    }
    return result;
}

std::optional<std::string> PlanEnvironment::separator(const std::string& name,
                                                      const std::string& type,
                                                      const std::string& own) const {
    const std::string known = value_of(aggregates_, name);
    if (type == "primitive" || (type.empty() && known.empty())) return std::nullopt;
    if (!type.empty() && type != "aggregate") {
        refuse(fmt::format("HAB_ENV_{}_TYPE is '{}'", name, type),
               "it is either primitive or aggregate");
    }
    if (!own.empty()) return own;
    return known.empty() ? ":" : known;
}

std::optional<std::string> PlanEnvironment::separator(const std::string& name,
                                                      const Map& shell) const {
    return separator(name, value_of(shell, "HAB_ENV_" + name + "_TYPE"),
                     value_of(shell, "HAB_ENV_" + name + "_SEPARATOR"));
}

void PlanEnvironment::layer(const DepEnvironment& deps, const Map& shell,
                            const std::function<void(std::string)>& warn) {
    layer_one(runtime_, deps.runtime_env, shell, warn);
    layer_one(buildtime_, deps.buildtime_env, shell, warn);
}

void PlanEnvironment::layer_one(Set& set, const std::vector<std::string>& triples, const Map& shell,
                                const std::function<void(std::string)>& warn) {
    for (std::size_t i = 0; i + 2 < triples.size(); i += 3) {
        const std::string& ident = triples[i];
        const std::string& name = triples[i + 1];
        const std::string& value = triples[i + 2];
        std::string& own = set.values[name];
        const auto list = separator(name, shell);
        if (own.empty() || own == value || list) {
            own = list && own != value ? merge_lists(*list, value, own) : value;
            add_provenance(set.provenance, name, ident);
        } else {
            warn(fmt::format("{} changes {} from '{}' to '{}'", ident, name, own, value));
            own = value;
            set.provenance[name] = ident;
        }
    }
}

PlanEnvironment::Map PlanEnvironment::exports(const Map& shell) const {
    Map all = runtime_.values;
    for (const auto& [name, value] : buildtime_.values) {
        const auto list = separator(name, shell);
        const auto found = all.find(name);
        const std::string before = found == all.end() ? value_of(shell, name) : found->second;
        all[name] = list ? merge_lists(*list, value, before) : value;
    }
    return all;
}

std::string PlanEnvironment::change(const EnvironmentChange& change) {
    check_name(change);
    Set& set = change.function.find("runtime") != std::string::npos ? runtime_ : buildtime_;
    const auto found = set.values.find(change.name);
    if (change.function.starts_with("push")) {
        if (change.type == "primitive") {
            refuse(fmt::format("{}: {} is primitive", change.function, change.name),
                   fmt::format("use {}", replace_all(change.function, "push", "set")));
        }
        aggregates_.emplace(change.name, ":");
        const std::string list = *separator(change.name, change.type, change.separator);
        set.values[change.name] =
            merge_lists(list, change.value, value_of(set.values, change.name));
        add_provenance(set.provenance, change.name, change.ident);
        return merge_lists(list, change.value, change.current);
    }
    if (!change.force && found != set.values.end() && found->second != change.value) {
        refuse(fmt::format("{}: {} is already '{}' (from {})", change.function, change.name,
                           found->second, value_of(set.provenance, change.name)),
               fmt::format("use {} -f to replace it", change.function));
    }
    set.values[change.name] = change.value;
    set.provenance[change.name] = change.ident;
    return change.value;
}

void PlanEnvironment::replace(std::string_view from, std::string_view to) {
    for (Set* set : {&runtime_, &buildtime_}) {
        for (auto& [name, value] : set->values)
            value = replace_all(value, from, to);
    }
}

void PlanEnvironment::store(PlanValues& plan) const {
    plan.set_map("_hab_runtime_env", runtime_.values);
    plan.set_map("_hab_runtime_provenance", runtime_.provenance);
    plan.set_map("_hab_buildtime_env", buildtime_.values);
    plan.set_map("_hab_buildtime_provenance", buildtime_.provenance);
}

}  // namespace hab::build
