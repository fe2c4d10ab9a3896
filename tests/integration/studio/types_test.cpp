// SPDX-License-Identifier: Apache-2.0
// The other types of studio: busybox, baseimage, bare and stage1, in the chroot backend.
#include <csignal>

#include "packages.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path studio_root = "/hab/studios/typed";

class StudioTypes : public PackageWorld {
protected:
    void SetUp() override {
        PackageWorld::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        HAB_REQUIRE(
            run({"sh", "-c", "command -v busybox && ! ldd $(command -v busybox)"}).exit_code == 0,
            "a static busybox is the shell of these studios");
        const std::string prefix = prefix_of("busybox-static");
        const RunResult made =
            run({"sh", "-c",
                 "mkdir -p " + prefix + "/bin && cp $(command -v busybox) " + prefix +
                     "/bin && cd " + prefix + " && echo " + prefix.substr(10) +
                     " >IDENT && echo x86_64-linux >TARGET && echo " + prefix + "/bin >PATH"});
        ASSERT_EQ(made.exit_code, 0) << made.err;
    }
    RunResult studio(const std::string& command, const std::string& type,
                     const std::vector<std::string>& words = {},
                     std::map<std::string, std::string> env = {}) {
        std::vector<std::string> all = {"studio", command, "-r", studio_root.string(), "-t", type};
        all.insert(all.end(), words.begin(), words.end());
        return hab(all, std::move(env));
    }
};

TEST_F(StudioTypes, BusyboxHasItsProgramsAndNoOthers) {
    const RunResult done =
        studio("run", "busybox", {"echo $STUDIO_TYPE; ls /hab/pkgs/core; which tar; echo $PATH"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "busybox\nbusybox-static\n/opt/busybox/tar\n/opt/busybox\n");
    // Its type is remembered; another is refused.
    EXPECT_EQ(hab({"studio", "run", "-r", studio_root.string(), "echo $STUDIO_TYPE"}).out,
              "busybox\n");
    const RunResult refused = studio("new", "default");
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("is of type 'busybox', not 'default'"));
    EXPECT_EQ(hab({"studio", "rm", "-r", studio_root.string()}).exit_code, 0);
    EXPECT_FALSE(fs::exists(studio_root));
}

TEST_F(StudioTypes, ImagesHoldTheirPackages) {
    const std::map<std::string, std::string> packages = {{"PKGS", "core/coreutils"}};
    ASSERT_EQ(studio("new", "baseimage", {}, packages).exit_code, 0);
    EXPECT_TRUE(fs::exists(studio_root / prefix_of("coreutils").substr(1) / "bin/cat"));
    EXPECT_TRUE(fs::exists(studio_root / "init.sh"));
    EXPECT_THAT(read_file(studio_root / ".hab_pkg"),
                AllOf(HasSubstr("core/coreutils/1/"), HasSubstr("core/busybox-static/1/")));
    EXPECT_THAT(read_file(studio_root / "etc/resolv.conf"), HasSubstr("8.8.8.8"));
    EXPECT_EQ(run({"chroot", studio_root.string(), "/init.sh", "ls", "/hab/pkgs/core"}).out,
              "busybox-static\ncoreutils\n");
    EXPECT_EQ(
        studio("run", "baseimage", {"cat /etc/resolv.conf >/dev/null && echo fine"}, packages).out,
        "fine\n");
    EXPECT_EQ(hab({"studio", "rm", "-r", studio_root.string()}).exit_code, 0);

    ASSERT_EQ(studio("new", "bare", {}, packages).exit_code, 0);
    for (const char* gone : {"home", "lib", "opt", "root", "sbin", "src", "usr", "etc/profile"})
        EXPECT_FALSE(fs::exists(fs::symlink_status(studio_root / gone))) << gone;
    EXPECT_TRUE(fs::exists(studio_root / "etc/passwd"));
    EXPECT_EQ(studio("run", "bare", {"-n", "pwd"}, packages).out, "/\n");
}

TEST_F(StudioTypes, Stage1IsAToolchainArchive) {
    const RunResult refused = studio("new", "stage1");
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("STAGE1_TOOLS_URL"));
    const std::string archive = (dir() / "tools.tar").string();
    const std::string source = prefix_of("bash");
    const RunResult packed =
        run({"sh", "-c",
             "cd " + dir().string() + " && mkdir -p tools/bin && cp -r " + source +
                 "/lib tools && cp " + source +
                 "/bin/bash tools/bin && patchelf --force-rpath --set-rpath /tools/lib "
                 "--set-interpreter /tools/lib/ld-linux-x86-64.so.2 tools/bin/bash && "
                 "cp $(command -v busybox) tools/bin/pwd && tar -cf " +
                 archive + " tools && echo x >none.tar"});
    ASSERT_EQ(packed.exit_code, 0) << packed.err;
    const std::map<std::string, std::string> env = {{"STAGE1_TOOLS_URL", "file://" + archive},
                                                    {"TAR_DIR", (dir() / "kept").string()}};
    const RunResult done = studio("run", "stage1", {"/bin/pwd; echo $PATH"}, env);
    EXPECT_EQ(done.out, "/src\n/bin:/tools/bin\n") << done.err;
    const RunResult bad = studio("run", "stage1", {"true"},
                                 {{"STAGE1_TOOLS_URL", "file://" + (dir() / "none.tar").string()},
                                  {"TAR_DIR", (dir() / "kept").string()}});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.err, HasSubstr("is not an archive of a toolchain"));
    EXPECT_EQ(studio("new", "nonsense").exit_code, 1);
}

TEST_F(StudioTypes, KeysAreAskedForAndStayOutside) {
    const RunResult missing = studio("new", "default", {"-k", "acme"});
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_THAT(missing.err, HasSubstr("no secret key of the origin 'acme'"));
    EXPECT_FALSE(fs::exists(studio_root)) << "nothing half-made";
    ASSERT_EQ(hab({"origin", "key", "generate", "acme"}).exit_code, 0);
    const RunResult done =
        studio("run", "default", {"-k", "acme", "ls /hab/cache; ls -d /hab/cache/keys"});
    EXPECT_THAT(done.out, Not(HasSubstr("keys")));
    make_directories("/hab/cache/artifacts");
    write_file_atomic("/hab/cache/artifacts/one.hart", "x");
    EXPECT_EQ(
        studio("run", "default", {"ls /hab/cache/artifacts; echo y >/hab/cache/artifacts/z"}).out,
        "one.hart\n");
    EXPECT_FALSE(fs::exists("/hab/cache/artifacts/z"));
    EXPECT_EQ(studio("run", "default", {"-N", "ls /hab/cache/artifacts"}).out, "");
}

TEST_F(StudioTypes, TheBackendIsChosenAndSaid) {
    const RunResult said = studio("run", "default", {"-v", "true"});
    EXPECT_THAT(said.out, HasSubstr("Using studio chroot"));
    ASSERT_EQ(hab({"studio", "rm", "-r", studio_root.string()}).exit_code, 0);
    make_directories("/hab/etc");
    write_file_atomic("/hab/etc/cli.toml", "studio_backend = \"userns\"\n");
    EXPECT_THAT(hab({"studio", "status"}).out, HasSubstr("Backend  userns"));
    EXPECT_THAT(hab({"studio", "status"}, {{"HAB_STUDIO_BACKEND", "chroot"}}).out,
                HasSubstr("Backend  chroot"));
    const RunResult none =
        hab({"studio", "new", "-r", studio_root.string()},
            {{"HAB_STUDIO_BACKEND", "docker"}, {"DOCKER_HOST", "unix:///nowhere/socket"}});
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("there is no engine at '/nowhere/socket'"));
    EXPECT_FALSE(fs::exists(studio_root / "etc/passwd"));
    // The studio that is there is opened by the plugin that made it, and by no other.
    ASSERT_EQ(studio("new", "default").exit_code, 0);
    const RunResult other = studio("new", "default", {"--backend", "chroot"});
    EXPECT_EQ(other.exit_code, 2);
    EXPECT_THAT(other.err, HasSubstr("was made by the studio plugin 'userns', not 'chroot'"));
    fs::remove("/hab/etc/cli.toml");
    EXPECT_THAT(studio("run", "default", {"-v", "true"}).out, HasSubstr("Using studio userns"));
}

}  // namespace
}  // namespace hab::test
