// SPDX-License-Identifier: Apache-2.0
// `hab plan render` in a directory of the test's own.
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

class PlanRender : public testing::Test {
protected:
    RunResult render(std::vector<std::string> words, std::map<std::string, std::string> env = {}) {
        words.insert(words.begin(), {program("bin/hab").string(), "plan", "render"});
        return run(words, {.env = std::move(env), .cwd = dir_.path().string()});
    }
    void file(const std::string& relative, const std::string& text) {
        const fs::path path = dir_.path() / relative;
        make_directories(path.parent_path());
        write_file_atomic(path, text, {.durable = false});
    }
    /// Text of a file, "(absent)" if there is none.
    std::string read(const std::string& relative) {
        return read_file_if_exists(dir_.path() / relative).value_or("(absent)");
    }
    TempDir dir_;
};

}  // namespace hab::test
