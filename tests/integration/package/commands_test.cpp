// SPDX-License-Identifier: Apache-2.0
// hab pkg binds, binlink, config, dependencies and provides on installed packages.
#include <gmock/gmock.h>

#include "base/files.hpp"
#include "package/metafiles.hpp"
#include "package/target.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

class Commands : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped()) return;
        install(libc_, "");
        install(lib_, libc_ + "\n");
        install(app_, lib_ + "\n");
    }
    static RunResult hab(std::vector<std::string> words, RunOptions options = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, options);
    }
    /// A package with one program of its name, as an install would leave it.
    static void install(const std::string& ident, const std::string& deps) {
        const fs::path dir = dir_of(ident);
        const std::string name = package::Ident::parse(ident).name;
        fs::create_directories(dir / "bin");
        package::write_metafile(dir, "IDENT", ident);
        package::write_metafile(dir, "TARGET", package::Target::active().name());
        package::write_metafile(dir, "DEPS", deps);
        package::write_metafile(dir, "PATH", (dir / "bin").string());
        package::write_metafile(dir, "RUNTIME_PATH", (dir / "bin").string());
        package::write_metafile(dir, "RUNTIME_ENVIRONMENT", "GREETING=it's " + name + "\n");
        write_file_atomic(dir / "bin" / name, "#!/bin/sh\necho \"$GREETING:$1\"\n",
                          WriteOptions{.mode = 0755});
    }
    static fs::path dir_of(const std::string& ident) { return "/hab/pkgs/" + ident; }

    const std::string libc_ = "acme/libc/2.0/20260101000000";
    const std::string lib_ = "acme/lib/1.0/20260101000000";
    const std::string app_ = "acme/app/1.0/20260101000000";
};

TEST_F(Commands, BindsWithTheirExports) {
    package::write_metafile(dir_of(app_), "BINDS", "database=port host\n");
    package::write_metafile(dir_of(app_), "BINDS_OPTIONAL", "cache=port\n");
    EXPECT_EQ(hab({"pkg", "binds", "acme/app"}).out,
              "Required binds:\n  database = port host\nOptional binds:\n  cache = port\n");
    const RunResult none = hab({"pkg", "binds", "acme/lib"});
    EXPECT_EQ(none.exit_code, 0);
    EXPECT_EQ(none.out, "");
    EXPECT_THAT(none.err, HasSubstr(lib_ + " has no binds"));
    package::write_metafile(dir_of(app_), "BINDS", "database\n");
    EXPECT_EQ(hab({"pkg", "binds", "acme/app"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "binds", "acme/none"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "binds"}).exit_code, 2);
}

TEST_F(Commands, ConfigIsTheDefaultToml) {
    write_file_atomic(dir_of(app_) / "default.toml",
                      "# comment\nport = 80\n[log]\nlevel = \"info\"\n");
    EXPECT_EQ(hab({"pkg", "config", "acme/app"}).out, "port = 80\n\n[log]\nlevel = \"info\"\n");
    const RunResult none = hab({"pkg", "config", "acme/lib"});
    EXPECT_EQ(none.exit_code, 0);
    EXPECT_THAT(none.err, HasSubstr("has no default.toml"));
    write_file_atomic(dir_of(app_) / "default.toml", "port = \n");
    const RunResult bad = hab({"pkg", "config", "acme/app"});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.err, HasSubstr("default.toml:1:"));
}

TEST_F(Commands, DependenciesInBothDirections) {
    EXPECT_EQ(hab({"pkg", "dependencies", "acme/app"}).out, lib_ + "\n");
    EXPECT_EQ(hab({"pkg", "dependencies", "acme/app", "-t"}).out, lib_ + "\n" + libc_ + "\n");
    EXPECT_EQ(hab({"pkg", "dependencies", "acme/libc", "--reverse"}).out, lib_ + "\n");
    EXPECT_EQ(hab({"pkg", "dependencies", "acme/libc", "-r", "-t"}).out, lib_ + "\n" + app_ + "\n");
    EXPECT_EQ(hab({"pkg", "dependencies", "acme/libc"}).out, "");
    EXPECT_EQ(hab({"pkg", "dependencies", "acme/none"}).exit_code, 1);
}

TEST_F(Commands, ProvidesFindsExactNames) {
    fs::create_directories(dir_of(lib_) / "share");
    write_file_atomic(dir_of(lib_) / "share" / "app", "not the program");
    EXPECT_EQ(hab({"pkg", "provides", "app"}).out, "acme/app\nacme/lib\n");
    EXPECT_EQ(hab({"pkg", "provides", "app", "-r"}).out, app_ + "\n" + lib_ + "\n");
    EXPECT_EQ(
        hab({"pkg", "provides", "app", "-p"}).out,
        "acme/app: /hab/pkgs/" + app_ + "/bin/app\nacme/lib: /hab/pkgs/" + lib_ + "/share/app\n");
    EXPECT_EQ(hab({"pkg", "provides", "libc", "-r", "-p"}).out,
              libc_ + ": /hab/pkgs/" + libc_ + "/bin/libc\n");
    const RunResult none = hab({"pkg", "provides", "ap"});
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("no installed package has a file named 'ap'"));
    EXPECT_EQ(hab({"pkg", "provides", "bin/app"}).exit_code, 2);
}

TEST_F(Commands, BinlinkBareAndWrapped) {
    const RunOptions here{.env = {{"HAB_BINLINK_DIR", "/hab/bin"}, {"GREETING", "bare"}}};
    const RunResult linked = hab({"pkg", "binlink", "acme/app", "app"}, here);
    ASSERT_EQ(linked.exit_code, 0) << linked.err;
    EXPECT_EQ(fs::read_symlink("/hab/bin/app"), dir_of(app_) / "bin/app");
    EXPECT_EQ(run({"/hab/bin/app", "x"}, here).out, "bare:x\n");
    ASSERT_EQ(hab({"pkg", "binlink", "acme/app", "--wrapper"}, here).exit_code, 0);
    EXPECT_EQ(run({"/hab/bin/app", "x"}, here).out, "it's app:x\n");
    EXPECT_EQ(hab({"pkg", "binlink", "acme/app", "none"}, here).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "binlink", "acme/none"}, here).exit_code, 1);
}

TEST_F(Commands, BinlinkKeepsOtherLinksUnlessForced) {
    const std::string newer = "acme/app/2.0/20260101000000";
    ASSERT_EQ(hab({"pkg", "binlink", "acme/app", "-d", "/hab/bin"}).exit_code, 0);
    install(newer, "");
    const RunResult kept = hab({"pkg", "binlink", "acme/app", "-d", "/hab/bin"});
    EXPECT_EQ(kept.exit_code, 0);
    EXPECT_THAT(kept.err, HasSubstr("was left alone; --force replaces it"));
    EXPECT_EQ(fs::read_symlink("/hab/bin/app"), dir_of(app_) / "bin/app");
    EXPECT_EQ(hab({"pkg", "binlink", "acme/app", "-f", "-d", "/hab/bin"}).exit_code, 0);
    EXPECT_EQ(fs::read_symlink("/hab/bin/app"), dir_of(newer) / "bin/app");
    fs::remove("/hab/bin/app");
    write_file_atomic("/hab/bin/app", "mine");
    const RunResult blocked = hab({"pkg", "binlink", "acme/app", "-f", "-d", "/hab/bin"});
    EXPECT_EQ(blocked.exit_code, 1);
    EXPECT_THAT(blocked.err, HasSubstr("is in the way"));
    EXPECT_EQ(read_file("/hab/bin/app"), "mine");
}

}  // namespace
}  // namespace hab::test
