// SPDX-License-Identifier: Apache-2.0
#include "supervisor/spec_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/fail_point.hpp"
#include "base/files.hpp"

namespace hab::supervisor {
namespace {

/// A spec that somebody else wrote is small; anything larger is not one.
constexpr std::size_t max_spec_size = 1u << 20;

ServiceSpec read_one(const std::filesystem::path& path, std::string& text) {
    text = read_file(path, max_spec_size);
    ServiceSpec spec = parse_spec(text, path.string());
    if (spec.service() != path.stem().string()) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}: the file is named after '{}', but its ident is {}{}",
                                path.string(), path.stem().string(), spec.ident.to_string(),
                                spec.name.empty() ? "" : " and its name " + spec.name),
                    fmt::format("rename it to {}.spec", spec.service()));
    }
    return spec;
}

}  // namespace

std::filesystem::path SpecStore::file(std::string_view service) const {
    return safe_join(dir_, std::string(service) + ".spec");
}

SpecStore::Contents SpecStore::load_all(bool find_dated) const {
    Contents contents;
    std::string text;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(dir_, error)) {
        const auto& path = entry.path();
        if (path.extension() != ".spec" || path.filename().string().front() == '.') continue;
        try {
            ServiceSpec spec = read_one(path, text);
            const std::string name = spec.service();
            if (find_dated && spec_to_toml(spec) != text) contents.dated.push_back(name);
            contents.specs.emplace(name, std::move(spec));
        } catch (const Error& problem) {
            if (problem.code() == ErrorCode::not_found) continue;  // removed while we looked
            contents.errors.push_back(problem);
            contents.broken.push_back(path.stem().string());
        }
    }
    if (error) throw Error::from_errno(fmt::format("cannot read {}", dir_.string()), error.value());
    return contents;
}

void SpecStore::save(const ServiceSpec& spec) const {
    fail_point("spec.save", spec.service());
    write_file_if_changed(file(spec.service()), spec_to_toml(spec));
    fail_point("spec.saved", spec.service());
}

void SpecStore::remove(std::string_view service) const {
    const auto path = file(service);
    fail_point("spec.remove", service);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        throw Error::from_errno(fmt::format("cannot remove {}", path.string()));
    }
    sync_path(dir_);
    fail_point("spec.removed", service);
}

}  // namespace hab::supervisor
