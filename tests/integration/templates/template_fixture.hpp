// SPDX-License-Identifier: Apache-2.0
// The template plugins of the build tree, and a directory of templates with one of results.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "config/renderer.hpp"
#include "plugin/registry.hpp"

namespace hab::config {

/// A renderer with a plugin loaded from its .so file.
[[nodiscard]] Renderer make_renderer(const char* engine = "handlebars",
                                     const char* mode = "modern");

class TemplateTest : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text) {
        fs::create_directories((source / name).parent_path());
        write_file_atomic(source / name, text, {.durable = false});
    }
    std::string read(const std::string& name) { return read_file(target / name); }

    TempDir dir;
    fs::path source = dir.path() / "config";
    fs::path target = dir.path() / "svc";
};

}  // namespace hab::config
