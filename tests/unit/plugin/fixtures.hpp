// SPDX-License-Identifier: Apache-2.0
// Fixture plugins for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/registry.hpp"
#include "support/world.hpp"

namespace hab::plugin::test {

namespace fs = std::filesystem;

/// Directory that holds one fixture ("good", "later", …).
inline fs::path fixture_dir(const std::string& name) {
    return hab::test::build_dir() / "tests/plugins" / name;
}

/// The only plugin file of a fixture.
inline fs::path fixture_file(const std::string& name) {
    for (const auto& entry : fs::directory_iterator(fixture_dir(name)))
        return entry.path();
    throw Error(ErrorCode::not_found, "no fixture " + name);
}

/// A private directory of plugins, trusted whatever the build tree's owner is.
class PluginDir {
public:
    fs::path add(const std::string& fixture, const std::string& as = {}) const {
        const auto from = fixture_file(fixture);
        const auto to = path() / (as.empty() ? from.filename().string() : as);
        fs::copy_file(from, to);
        fs::permissions(to, fs::perms(0755));
        return to;
    }
    fs::path add_text(const std::string& name, std::string_view content) const {
        write_file_atomic(path() / name, content, {.durable = false});
        return path() / name;
    }
    [[nodiscard]] const fs::path& path() const { return dir_.path(); }
    /// A plan that looks here and nowhere else.
    [[nodiscard]] SearchPlan plan(Source source = Source::builtin) const {
        SearchPlan plan;
        plan.effective_uid = ::geteuid();
        if (source == Source::builtin) plan.builtin_dir = path();
        if (source == Source::env) plan.env_dirs = {path()};
        return plan;
    }

private:
    TempDir dir_{"hab-plugins-"};
};

/// What an Error-throwing call says: "<sentence>" or "no error".
template <class Fn>
Error error_of(Fn&& fn) {
    try {
        fn();
    } catch (const Error& error) {
        return error;
    }
    return {ErrorCode::failed, "no error"};
}

}  // namespace hab::plugin::test
