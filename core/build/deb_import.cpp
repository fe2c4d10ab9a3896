// SPDX-License-Identifier: Apache-2.0
#include "build/deb_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "sandbox/run.hpp"

namespace hab::build {
namespace {

/// They configure a Debian system, which a package here is no part of.
constexpr std::array not_needed = {
    "adduser",        "debconf",      "dpkg", "init-system-helpers", "install-info", "lsb-base",
    "sysvinit-utils", "update-inetd", "ucf",  "base-files"};

bool is_needed(const std::string& name) {
    return std::find(not_needed.begin(), not_needed.end(), name) == not_needed.end();
}

/// "libc6 (>= 2.34) | libc6.1:any" -> libc6, libc6.1
std::vector<std::string> alternatives(std::string_view item) {
    std::vector<std::string> names;
    for (const std::string_view part : split(item, '|')) {
        const std::string_view word = trim(part);
        const auto end = word.find_first_of(" (:");
        if (!word.empty()) names.emplace_back(word.substr(0, end));
    }
    return names;
}

void add_depends(DebFacts& facts, std::string_view value) {
    for (const std::string_view item : split(value, ',')) {
        std::vector<std::string> names = alternatives(item);
        if (!names.empty()) facts.depends.push_back(std::move(names));
    }
}

/// A line of `dpkg-deb -c`: mode owner size date time ./path[ -> target]
void add_file(DebFacts& facts, std::string_view line) {
    const auto at = line.find(" ./");
    if (at == std::string_view::npos || line.starts_with('d')) return;
    std::string_view path = line.substr(at + 3);
    std::string_view target;
    if (const auto arrow = path.find(" -> "); arrow != std::string_view::npos) {
        target = path.substr(arrow + 4);
        path = path.substr(0, arrow);
    }
    const std::string_view rest = path.starts_with("usr/") ? path.substr(4) : path;
    facts.has_programs |= rest.starts_with("bin/") || rest.starts_with("sbin/");
    facts.has_headers |= rest.starts_with("include/");
    const bool library = path.find(".so") != std::string_view::npos || path.ends_with(".a");
    facts.has_libraries |= library && rest.starts_with("lib/");
    if (path == "usr/share/doc/" + facts.name && !target.empty())
        facts.notices_in = std::filesystem::path(std::string(target)).filename().string();
}

/// A value for bash: quotes and dollars have no meaning in it.
std::string bash_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') out += '\\';
        out += c;
    }
    return out + "\"";
}

/// The packages that need each other, found as strongly connected sets (Tarjan).
class Importer {
public:
    Importer(const std::map<std::string, std::string>& known, const DebReader& read)
        : known_(known), read_(read) {}

    std::vector<ImportedPlan> run(const std::string& name) {
        visit(name, read_(name));
        return std::move(plans_);
    }

private:
    struct Node {
        DebFacts facts;
        std::vector<std::string> needs = {};  ///< Debian packages, one per dependency
        std::size_t index = 0;
        std::size_t low = 0;
        bool open = true;
    };

    /// The first alternative that a plan has, or that Debian has.
    std::string choose(const std::string& name, const std::vector<std::string>& names) {
        for (const std::string& candidate : names) {
            if (known_.contains(candidate) || nodes_.contains(candidate)) return candidate;
        }
        for (const std::string& candidate : names) {
            try {
                pending_.emplace(candidate, read_(candidate));
                return candidate;
            } catch (const Error& error) {
                if (error.code() != ErrorCode::not_found) throw;
            }
        }
        throw Error(
            ErrorCode::not_found,
            fmt::format("'{}' needs '{}', which is not a Debian package", name, join(names, " | ")),
            "it may be a name that several packages provide: import one of those first");
    }

    void visit(const std::string& name, DebFacts facts) {
        Node& node = nodes_[name];
        node.facts = std::move(facts);
        node.index = node.low = count_++;
        stack_.push_back(name);
        std::vector<std::vector<std::string>> depends = node.facts.depends;
        if (!node.facts.notices_in.empty()) depends.push_back({node.facts.notices_in});
        for (const std::vector<std::string>& names : depends) {
            if (!is_needed(names.front())) continue;
            const std::string need = choose(name, names);
            node.needs.push_back(need);
            if (known_.contains(need)) continue;
            if (!nodes_.contains(need)) {
                visit(need, std::move(pending_.at(need)));
                node.low = std::min(node.low, nodes_.at(need).low);
            } else if (nodes_.at(need).open) {
                node.low = std::min(node.low, nodes_.at(need).index);
            }
        }
        if (node.low == node.index) close(name);
    }

    void close(const std::string& name) {
        std::vector<std::string> members;
        for (std::string member; member != name;) {
            member = stack_.back();
            stack_.pop_back();
            nodes_.at(member).open = false;
            made_[member] = name;
            members.insert(members.begin(), member);
        }
        plans_.push_back({name, text(name, members)});
    }

    [[nodiscard]] std::string plan_of(const std::string& debian) const {
        const auto found = known_.find(debian);
        return found != known_.end() ? found->second : made_.at(debian);
    }

    [[nodiscard]] std::string text(const std::string& name,
                                   const std::vector<std::string>& members) const {
        std::vector<std::string> deps;
        std::vector<std::string> packages = members;
        DebFacts all = nodes_.at(name).facts;
        for (const std::string& member : members) {
            const Node& node = nodes_.at(member);
            all.has_programs |= node.facts.has_programs;
            all.has_libraries |= node.facts.has_libraries;
            all.has_headers |= node.facts.has_headers;
            for (const std::string& need : node.needs) {
                const std::string dep = "core/" + plan_of(need);
                if (dep != "core/" + name && std::find(deps.begin(), deps.end(), dep) == deps.end())
                    deps.push_back(dep);
            }
            const std::string& notices = node.facts.notices_in;
            if (!notices.empty() &&
                std::find(packages.begin(), packages.end(), notices) == packages.end()) {
                packages.push_back(notices);
            }
        }
        std::string plan = fmt::format(
            "# Written by 'hab plan import deb {}'.\npkg_name={}\npkg_origin=core\n"
            "pkg_description={}\n",
            name, name, bash_quoted(all.description));
        if (!all.homepage.empty())
            plan += fmt::format("pkg_upstream_url={}\n", bash_quoted(all.homepage));
        plan +=
            fmt::format("pkg_license=(\"see share/licenses\")\npkg_deps=({})\n", join(deps, " "));
        if (all.has_programs) plan += "pkg_bin_dirs=(bin)\n";
        if (all.has_libraries) plan += "pkg_lib_dirs=(lib)\n";
        if (all.has_headers) plan += "pkg_include_dirs=(include)\n";
        return plan + fmt::format(
                          "pkg_scaffolding=core/scaffolding-deb\n"
                          "scaffolding_deb_packages=({})\n\n"
                          "pkg_version() {{\n  deb_version\n}}\n",
                          join(packages, " "));
    }

    const std::map<std::string, std::string>& known_;
    const DebReader& read_;
    std::map<std::string, Node> nodes_;
    std::map<std::string, DebFacts> pending_;  ///< read, not visited yet
    std::map<std::string, std::string> made_;
    std::vector<std::string> stack_;
    std::vector<ImportedPlan> plans_;
    std::size_t count_ = 0;
};

std::string output_of_dpkg(const std::vector<std::string>& words) {
    sandbox::Spec spec;
    spec.argv = words;
    spec.env = sandbox::current_environment();
    sandbox::Captured done = sandbox::run_captured(std::move(spec), {}, std::size_t{256} << 20);
    if (done.result.status.ok()) return std::move(done.out);
    throw Error(ErrorCode::failed, fmt::format("dpkg-deb cannot read '{}': {}", words.back(),
                                               std::string(trim(done.err))));
}

}  // namespace

DebFacts parse_deb_facts(std::string_view control, std::string_view contents) {
    DebFacts facts;
    for (const std::string_view line : split(control, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || line.starts_with(' ')) continue;
        const std::string_view key = line.substr(0, colon);
        const std::string_view value = trim(line.substr(colon + 1));
        if (key == "Package") facts.name = value;
        if (key == "Description") facts.description = value;
        if (key == "Homepage") facts.homepage = value;
        if (key == "Depends" || key == "Pre-Depends") add_depends(facts, value);
    }
    for (const std::string_view line : split(contents, '\n'))
        add_file(facts, line);
    return facts;
}

std::map<std::string, std::string> known_deb_plans(const std::filesystem::path& plans) {
    constexpr std::string_view key = "\nscaffolding_deb_packages=(";
    std::map<std::string, std::string> known;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(plans, none)) {
        const auto text = read_file_if_exists(entry.path() / "plan.sh");
        if (!text || text->find("core/scaffolding-deb") == std::string::npos) continue;
        const std::string name = entry.path().filename().string();
        const auto begin = text->find(key);
        if (begin == std::string::npos) {
            known[name] = name;
            continue;
        }
        const std::string_view list = std::string_view(*text).substr(begin + key.size());
        const std::string words = replace_all(list.substr(0, list.find(')')), "\n", " ");
        for (const std::string_view word : split(words, ' ')) {
            const std::string_view debian = trim(word).substr(0, trim(word).find('='));
            if (!debian.empty()) known.emplace(debian, name);
        }
    }
    return known;
}

std::vector<ImportedPlan> import_deb(const std::string& name,
                                     const std::map<std::string, std::string>& known,
                                     const DebReader& read) {
    if (const auto found = known.find(name); found != known.end()) {
        throw Error(ErrorCode::conflict,
                    fmt::format("the plan '{}' is already made of the Debian package '{}'",
                                found->second, name),
                    "build that one, or import into another directory with --plans");
    }
    return Importer(known, read).run(name);
}

DebReader deb_reader(DebSource& source) {
    return [&source](const std::string& name) {
        const TempDir dir("hab-import-");
        const std::string file = (dir.path() / "package.deb").string();
        source.fetch(parse_deb_source("deb:" + name), file);
        return parse_deb_facts(output_of_dpkg({"dpkg-deb", "-f", file}),
                               output_of_dpkg({"dpkg-deb", "-c", file}));
    };
}

}  // namespace hab::build
