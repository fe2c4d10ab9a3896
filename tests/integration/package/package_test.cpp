// SPDX-License-Identifier: Apache-2.0
// hab pkg … on a real /hab: output forms, exit codes, full disks, sudden deaths.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>

#include "base/entropy.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "crypto/key_cache.hpp"
#include "package/hart_writer.hpp"
#include "package/metafiles.hpp"
#include "support/mount.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using package::Ident;
using package::Target;
using ::testing::HasSubstr;
using ::testing::Not;

class Package : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped()) return;
        keys_.store(pair_);
        fs::create_directories(work_);
    }
    RunResult hab(std::vector<std::string> words, RunOptions options = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, options);
    }
    /// An artifact with `size` bytes that do not compress.
    fs::path make(const std::string& text, std::size_t size = 1000,
                  const std::vector<Ident>& deps = {}) {
        const Ident ident = Ident::parse(text);
        const fs::path tree = work_ / "tree" / ident.name;
        fs::remove_all(tree);
        fs::create_directories(tree / "bin");
        const std::string prefix = "/" + ident.relative_path();
        package::write_metafile(tree, "IDENT", ident.to_string());
        package::write_metafile(tree, "TARGET", Target::active().name());
        package::write_metafile(tree, "DEPS", deps);
        package::write_metafile(tree, "TDEPS", deps);
        package::write_metafile(tree, "PATH", prefix + "/bin");
        package::write_metafile(tree, "RUNTIME_PATH", prefix + "/bin");
        package::write_metafile(tree, "RUNTIME_ENVIRONMENT",
                                "GREETING=it's \"$HOME\"\nPATH=/old\n");
        write_file_atomic(tree / "bin" / "greet", "#!/bin/sh\necho \"$GREETING $1\"\nexit 7\n",
                          WriteOptions{.mode = 0755});
        std::string noise(size, '\0');
        SeededEntropy(1).fill(std::as_writable_bytes(std::span(noise)));
        write_file_atomic(tree / "noise", noise);
        package::HartWriteOptions options;
        options.compression = {package::Compression::zstd, 1};
        const fs::path out = work_ / ident.archive_name(Target::active());
        package::write_hart(tree, ident, pair_.secret_key, out, options);
        return out;
    }
    static std::size_t entries_below(const fs::path& dir) {
        std::error_code error;
        return fs::exists(dir) ? static_cast<std::size_t>(std::distance(
                                     fs::recursive_directory_iterator(dir, error), {}))
                               : 0;
    }

    const fs::path work_ = "/hab/work";
    const crypto::KeyCache keys_{"/hab/cache/keys"};
    const crypto::SigningKeyPair pair_ =
        crypto::SigningKeyPair::generate("acme", SystemClock().wall());
    const std::string lib_ = "acme/lib/1.0/20260101000000";
    const std::string app_ = "acme/app/2.0/20260101000000";
};

TEST_F(Package, InstallListPathEnvExec) {
    make(lib_);
    const fs::path app = make(app_, 1000, {Ident::parse(lib_)});
    const RunResult installed = hab({"pkg", "install", app.string()});
    ASSERT_EQ(installed.exit_code, 0) << installed.err;
    EXPECT_THAT(installed.out, HasSubstr("Installed " + lib_));
    EXPECT_THAT(installed.out, HasSubstr("complete with 2 new packages installed."));
    EXPECT_EQ(hab({"pkg", "list", "--all"}).out, app_ + "\n" + lib_ + "\n");
    EXPECT_EQ(hab({"pkg", "list", "-o", "acme"}).out, app_ + "\n" + lib_ + "\n");
    EXPECT_EQ(hab({"pkg", "list", "acme/lib"}).out, lib_ + "\n");
    EXPECT_EQ(hab({"pkg", "list", "-o", "nobody"}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "list"}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "path", "acme/app"}).out, "/hab/pkgs/" + app_ + "\n");
    EXPECT_EQ(hab({"pkg", "path", "acme/none"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "path", "nonsense"}).exit_code, 2);
    const std::string env = hab({"pkg", "env", "acme/app"}).out;
    EXPECT_THAT(env, HasSubstr("export PATH=\"/hab/pkgs/" + app_ + "/bin\"\n"));
    EXPECT_EQ(run({"sh", "-c", "eval \"$1\"; echo \"$GREETING\"", "sh", env}).out,
              "it's \"$HOME\"\n");
    const RunResult greeted = hab({"pkg", "exec", "acme/app", "greet", "--help"});
    EXPECT_EQ(greeted.out, "it's \"$HOME\" --help\n");
    EXPECT_EQ(greeted.exit_code, 7);
    EXPECT_EQ(hab({"pkg", "exec", "acme/app", "none"}).exit_code, 1);
}

TEST_F(Package, HeaderInfoHashSignVerify) {
    const std::string app = make(app_).string();
    const RunResult header = hab({"pkg", "header", app});
    EXPECT_THAT(header.out, HasSubstr("Format Version : HART-1\nKey Name       : acme-"));
    const RunResult info = hab({"pkg", "info", "-j", app});
    const Value object = parse_json(info.out, "info");
    EXPECT_EQ(object.as_object()->size(), 24u);
    EXPECT_EQ(*object.at_path("ident")->as_string(), app_);
    EXPECT_THAT(hab({"pkg", "info", app}).out, HasSubstr("Release      : 20260101000000"));
    const std::string hash = hab({"pkg", "hash", app}).out;
    EXPECT_EQ(hash, run({"b2sum", "-l", "256", app}).out);
    EXPECT_EQ(hab({"pkg", "hash"}, {.input = app + "\n"}).out, hash);
    EXPECT_EQ(*object.at_path("checksum")->as_string(), hash.substr(0, 64));
    const std::string copy = (work_ / "copy.hart").string();
    write_file_atomic(work_ / "payload", "any bytes");
    EXPECT_EQ(
        hab({"pkg", "sign", "--origin", "acme", (work_ / "payload").string(), copy}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "verify", copy}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "sign", "--origin", "nobody", app, copy}).exit_code, 1);
    write_file_atomic(copy, "HART-2\n");
    EXPECT_EQ(hab({"pkg", "header", copy}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "verify", copy}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "verify"}).exit_code, 2);
}

TEST_F(Package, InfoShowsEveryMetafile) {
    const Ident ident = Ident::parse(app_);
    const fs::path tree = work_ / "whole";
    fs::create_directories(tree);
    const std::map<std::string, std::string> lines = {{"DEPS", "acme/a/1/2"},
                                                      {"TDEPS", "acme/a/1/2\nacme/b/1/2"},
                                                      {"BUILD_DEPS", "acme/c/1/2"},
                                                      {"BUILD_TDEPS", "acme/d/1/2"},
                                                      {"EXPOSES", "80 443"},
                                                      {"MANIFEST", "# acme / app"},
                                                      {"default.toml", "port = 80"},
                                                      {"SVC_USER", "web"},
                                                      {"SVC_GROUP", "www"},
                                                      {"LD_RUN_PATH", "/hab/x/lib"},
                                                      {"LDFLAGS", "-L/hab/x/lib"},
                                                      {"CFLAGS", "-I/hab/x/include"},
                                                      {"TARGET", Target::active().to_string()},
                                                      {"IDENT", app_}};
    for (const auto& [name, text] : lines)
        write_file_atomic(tree / name, text + "\n");
    package::HartWriteOptions options;
    options.compression = {package::Compression::zstd, 1};
    const fs::path out = work_ / "whole.hart";
    package::write_hart(tree, ident, pair_.secret_key, out, options);
    std::string json = hab({"pkg", "info", "-j", out.string()}).out;
    const std::size_t about_us = json.find("\"target\"");
    EXPECT_EQ(json.substr(about_us),
              "\"target\":\"" + Target::active().to_string() +
                  "\",\"is_a_service\":true,\"deps\":[\"acme/a/1/2\"],"
                  "\"tdeps\":[\"acme/a/1/2\",\"acme/b/1/2\"],\"build_deps\":[\"acme/c/1/2\"],"
                  "\"build_tdeps\":[\"acme/d/1/2\"],\"exposes\":[80,443],"
                  "\"manifest\":\"# acme / app\",\"config\":\"port = 80\",\"svc_user\":\"web\","
                  "\"svc_group\":\"www\",\"ld_run_path\":\"/hab/x/lib\","
                  "\"ldflags\":\"-L/hab/x/lib\",\"cflags\":\"-I/hab/x/include\"}\n");
}

TEST_F(Package, InstallsBelowAnotherRoot) {
    const fs::path app = make(app_);
    const RunOptions options{
        .env = {{"FS_ROOT", "/hab/elsewhere"}, {"HAB_CACHE_KEY_PATH", "/hab/cache/keys"}}};
    ASSERT_EQ(hab({"pkg", "install", app.string()}, options).exit_code, 0);
    EXPECT_TRUE(fs::exists("/hab/elsewhere/hab/pkgs/" + app_ + "/IDENT"));
    EXPECT_EQ(hab({"pkg", "path", "acme/app"}, options).out,
              "/hab/elsewhere/hab/pkgs/" + app_ + "\n");
    EXPECT_EQ(hab({"pkg", "path", "acme/app"}).exit_code, 1);
}

TEST_F(Package, BadArtifactsLeaveNothing) {
    const fs::path app = make(app_);
    const std::string bytes = read_file(app);
    const auto refused = [&](const std::string& content, const std::string& sentence) {
        write_file_atomic(app, content);
        const RunResult result = hab({"pkg", "install", app.string()});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.err, HasSubstr(sentence));
        EXPECT_THAT(result.err, HasSubstr("hint: "));
        EXPECT_EQ(entries_below("/hab/pkgs"), 0u);
    };
    refused(bytes.substr(0, bytes.size() / 2), "is not what was signed");
    refused(bytes.substr(0, 100), "is not a package artifact: it ends before");
    refused(std::string(10'000, 'x'), "does not end within the first 4096 bytes");
    std::string flipped = bytes;
    flipped[bytes.size() / 2] ^= 4;
    refused(flipped, "is not what was signed");
    fs::remove_all("/hab/cache/keys");
    refused(bytes, "is not in the key cache '/hab/cache/keys'");
}

TEST_F(Package, FullDiskLeavesNothing) {
    const fs::path app = make(app_, std::size_t{6} << 20);
    fs::create_directories("/hab/small");
    const SmallDisk disk("/hab/small", std::size_t{2} << 20);
    const RunOptions options{
        .env = {{"FS_ROOT", "/hab/small"}, {"HAB_CACHE_KEY_PATH", "/hab/cache/keys"}}};
    const RunResult result = hab({"pkg", "install", app.string()}, options);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("No space left on device"));
    EXPECT_THAT(result.err, HasSubstr("hint: free some space"));
    EXPECT_EQ(entries_below("/hab/small/hab/pkgs"), 0u);
    EXPECT_EQ(entries_below("/hab/small/hab/cache"), 0u);
}

TEST_F(Package, ErrorAtAnyStepLeavesNothing) {
    const fs::path app = make(app_);
    for (const char* point :
         {"unpack.file=error:EIO@3", "install.unpacked=error:EIO", "install.verified=error:EIO",
          "install.sync=error:EIO", "install.rename=error:ENOSPC"}) {
        const RunResult result =
            hab({"pkg", "install", app.string()}, {.env = {{"HAB_FAIL_POINTS", point}}});
        EXPECT_EQ(result.exit_code, 1) << point;
        EXPECT_EQ(entries_below("/hab/pkgs"), 0u) << point;
    }
    EXPECT_EQ(hab({"pkg", "install", app.string()}).exit_code, 0);
}

TEST_F(Package, DeathAtAnyStepLeavesOldOrNew) {
    const fs::path app = make(app_);
    for (const char* point :
         {"unpack.file=kill@2", "install.unpacked=kill", "install.verified=kill",
          "install.sync=kill", "install.rename=kill", "files.fsync:acme/app=kill"}) {
        const RunResult killed =
            hab({"pkg", "install", app.string()}, {.env = {{"HAB_FAIL_POINTS", point}}});
        EXPECT_EQ(killed.exit_code, 128 + SIGKILL) << point;
        const bool is_new = hab({"pkg", "list", "-a"}).out == app_ + "\n";
        EXPECT_EQ(is_new, fs::exists("/hab/pkgs/" + app_ + "/noise")) << point;
        EXPECT_EQ(hab({"pkg", "install", app.string()}).exit_code, 0) << point;
        EXPECT_EQ(entries_below(fs::path("/hab/pkgs/" + app_).parent_path()),
                  1 + entries_below("/hab/pkgs/" + app_))
            << "leavings of " << point;
        fs::remove_all("/hab/pkgs");
    }
}

TEST_F(Package, TwoInstallsAtOnceBothSucceed) {
    const fs::path app = make(app_, std::size_t{4} << 20);
    const std::vector<std::string> argv = {program("bin/hab").string(), "pkg", "install",
                                           app.string()};
    for (int round = 0; round < 3; ++round) {
        Background first(argv);
        Background second(argv);
        EXPECT_EQ(first.wait(), 0) << first.output();
        EXPECT_EQ(second.wait(), 0) << second.output();
        EXPECT_EQ(hab({"pkg", "list", "-a"}).out, app_ + "\n");
        fs::remove_all("/hab/pkgs");
    }
}

}  // namespace
}  // namespace hab::test
