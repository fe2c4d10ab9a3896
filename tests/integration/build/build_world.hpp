// SPDX-License-Identifier: Apache-2.0
// What the tests of `hab pkg build` share: a world with a signing key, plans written from text.
#pragma once

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {

class BuildWorld : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        const auto made = hab({"origin", "key", "generate", "acme"});
        ASSERT_EQ(made.exit_code, 0) << made.err;
    }
    /// Runs hab in the working directory of the test.
    RunResult hab(std::vector<std::string> words, std::map<std::string, std::string> env = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        env.emplace("HAB_HART_COMPRESSION", "zstd");
        return run(words, {.env = env, .cwd = dir_.path().string()});
    }
    RunResult build(const std::string& context, std::map<std::string, std::string> env = {}) {
        return hab({"pkg", "build", "-N", context}, std::move(env));
    }
    /// A plan.sh with name, origin, version and no-op build; `more` follows.
    void plan(const std::string& dir, const std::string& more, const std::string& version = "1.0") {
        file(dir + "/plan.sh", "pkg_name=" + dir + "\npkg_origin=acme\npkg_version=" + version +
                                   "\ndo_build() { return 0; }\ndo_install() { return 0; }\n" +
                                   more);
    }
    void file(const std::string& relative, const std::string& text, mode_t mode = 0644) {
        const fs::path path = dir_.path() / relative;
        make_directories(path.parent_path());
        write_file_atomic(path, text, {.mode = mode});
    }
    /// Value of a variable in results/last_build.env.
    std::string last(const std::string& variable) {
        const std::string text = read_file(results("last_build.env"));
        const std::size_t at = text.find(variable + "=");
        if (at == std::string::npos) return {};
        const std::size_t begin = at + variable.size() + 1;
        return text.substr(begin, text.find('\n', begin) - begin);
    }
    fs::path results(const std::string& name) { return dir_.path() / "results" / name; }
    fs::path prefix() { return "/hab/pkgs/" + last("pkg_ident"); }
    std::string meta(const std::string& name) {
        return read_file_if_exists(prefix() / name).value_or("absent");
    }
    TempDir dir_;
};

}  // namespace hab::test
