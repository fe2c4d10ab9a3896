// SPDX-License-Identifier: Apache-2.0
// The tutorial, done by a newcomer: install the SDK, copy the template, build it elsewhere, use it.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

class SdkInstall : public WorldTest {
protected:
    void must(const std::vector<std::string>& argv, const RunOptions& options = {}) {
        const auto result = run(argv, options);
        ASSERT_EQ(result.exit_code, 0) << argv[0] << "\n" << result.out << result.err;
    }
    /// Steps 1 and 2 of docs/plugins/first-exporter.md.
    void build_template() {
        must({"cmake", "--install", build_dir().string(), "--component", "sdk", "--prefix",
              prefix_.string()});
        fs::copy(prefix_ / "share/hab/sdk/templates/exporter", project_,
                 fs::copy_options::recursive);
        must({"cmake", "-B", "build", "-DCMAKE_PREFIX_PATH=" + prefix_.string()},
             {.cwd = project_.string()});
        must({"cmake", "--build", "build"},
             {.cwd = project_.string(), .deadline = std::chrono::seconds(300)});
    }
    TempDir dir_;
    fs::path prefix_ = dir_.path() / "prefix";
    fs::path project_ = dir_.path() / "my-exporter";
};

TEST_F(SdkInstall, TheTemplateBuildsElsewhereAndIsFound) {
    build_template();
    const auto info = run({program("bin/hab").string(), "plugin", "info", "exporter/manifest"},
                          {.env = {{"HAB_PLUGIN_PATH", (project_ / "build").string()}}});
    EXPECT_EQ(info.exit_code, 0) << info.err;
    EXPECT_THAT(info.out, HasSubstr("exporter manifest 1.0.0"));
    EXPECT_THAT(info.out, HasSubstr("State      ok"));
    EXPECT_THAT(info.out, HasSubstr("Can        plan, run"));
    EXPECT_THAT(info.out, HasSubstr("--minimal"));

    // It exports its entry function and nothing else.
    const auto symbols =
        run({"nm", "-D", "--defined-only", (project_ / "build/hab-exporter-manifest.so").string()});
    EXPECT_THAT(symbols.out, HasSubstr("hab_plugin_entry_v1"));
    EXPECT_EQ(std::count(symbols.out.begin(), symbols.out.end(), '\n'), 1) << symbols.out;
}

/// A package with one program, as if installed.
void install_package(const fs::path& root, const std::string& ident) {
    fs::create_directories(root / "bin");
    write_file_atomic(root / "IDENT", ident + "\n");
    write_file_atomic(root / "TARGET", "x86_64-linux\n");
    write_file_atomic(root / "bin/thing", "#!/bin/sh\necho thing\n", {.mode = 0755});
}

TEST_F(SdkInstall, ThePluginExports) {
    build_template();
    const std::string ident = "acme/thing/1.0.0/20260101000000";
    install_package(fs::path("/hab/pkgs") / ident, ident);
    const RunOptions options{.env = {{"HAB_PLUGIN_PATH", (project_ / "build").string()}},
                             .cwd = dir_.path().string()};
    const auto help =
        run({program("bin/hab").string(), "pkg", "export", "manifest", "--help"}, options);
    EXPECT_THAT(help.out, HasSubstr("--minimal"));
    must({program("bin/hab").string(), "pkg", "export", "manifest", "--minimal", "--output-dir",
          "out", "acme/thing"},
         options);
    const auto manifest = read_file(dir_.path() / "out/acme-thing-1.0.0-20260101000000.manifest");
    // The line of the program: type, mode, owner, size, SHA-256 of its bytes, path.
    EXPECT_THAT(manifest, HasSubstr("f 0755 0 0 21 "));
    const auto digest = run({"sha256sum", "/hab/pkgs/" + ident + "/bin/thing"}).out.substr(0, 64);
    EXPECT_THAT(manifest, HasSubstr(digest + " hab/pkgs/" + ident + "/bin/thing\n"));

    const auto again = run({program("bin/hab").string(), "pkg", "export", "manifest", "--minimal",
                            "--output-dir", "again", "acme/thing"},
                           options);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(read_file(dir_.path() / "again/acme-thing-1.0.0-20260101000000.manifest"), manifest);
}

TEST_F(SdkInstall, PkgConfigKnowsTheSdk) {
    must({"cmake", "--install", build_dir().string(), "--component", "sdk", "--prefix",
          prefix_.string()});
    const RunOptions options{.env = {{"PKG_CONFIG_PATH", (prefix_ / "lib/pkgconfig").string()}}};
    EXPECT_EQ(run({"pkg-config", "--variable=abi_major", "hab-sdk"}, options).out, "1\n");
    EXPECT_THAT(run({"pkg-config", "--variable=plugindir", "hab-sdk"}, options).out,
                HasSubstr("/lib/hab/plugins/1"));
}

}  // namespace
}  // namespace hab::test
