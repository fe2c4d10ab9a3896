// SPDX-License-Identifier: Apache-2.0
// Sandboxes with their own root: made of read-only binds of the machine's own programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "sandbox/mount_table.hpp"
#include "sandbox/run.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::sandbox {
namespace {

using ::testing::HasSubstr;

class Root : public ::testing::Test {
protected:
    void SetUp() override {
        HAB_REQUIRE(::geteuid() == 0, "mounting needs root");
        for (const char* name : {"bin", "lib", "lib64"}) {
            const auto link = read_link(fs::path("/") / name);
            if (link) fs::create_symlink(*link, root() / name);
        }
    }
    [[nodiscard]] const fs::path& root() const { return dir_.path(); }

    [[nodiscard]] Spec inside(std::string script) const {
        Spec spec;
        spec.argv = {"/usr/bin/sh", "-c", std::move(script)};
        spec.env = {{"PATH", "/usr/bin"}};
        spec.root = root();
        spec.namespaces.pid = true;
        spec.mounts = {bind_mount("/usr", "/usr", true), special_mount(MountKind::proc, "/proc"),
                       special_mount(MountKind::dev, "/dev")};
        return spec;
    }
    static std::string output_of(Spec spec) {
        Captured done = run_captured(std::move(spec));
        return done.out + done.err;
    }

private:
    TempDir dir_;
};

TEST_F(Root, SeesOnlyItself) {
    write_file_atomic(root() / "mine", "here");
    EXPECT_EQ(output_of(inside("cd /; echo *; cat mine")), "bin dev lib lib64 mine proc usr\nhere");
    EXPECT_TRUE(mounts_below(root()).empty()) << "mounts must not reach the host";
}

TEST_F(Root, ReadOnlyBindCannotBeWritten) {
    EXPECT_THAT(output_of(inside("echo x > /usr/hab-test-file")),
                HasSubstr("Read-only file system"));
    EXPECT_FALSE(fs::exists("/usr/hab-test-file"));
}

TEST_F(Root, WritableBindReachesTheHost) {
    const TempDir results;
    Spec spec = inside("echo made > /results/file");
    spec.mounts.push_back(bind_mount(results.path(), "/results", false));
    EXPECT_EQ(output_of(spec), "");
    EXPECT_EQ(read_file(results.path() / "file"), "made\n");
}

TEST_F(Root, FileCanBeBoundToAFile) {
    const TempDir other;
    write_file_atomic(other.path() / "hosts", "127.0.0.1 localhost\n");
    Spec spec = inside("cat /etc/hosts");
    spec.mounts.push_back(bind_mount(other.path() / "hosts", "/etc/hosts", true));
    EXPECT_EQ(output_of(spec), "127.0.0.1 localhost\n");
}

TEST_F(Root, LinkInsideCannotLeadAMountOut) {
    const TempDir victim;
    // A root from elsewhere: its "target" points to a directory of the host.
    fs::create_symlink(victim.path(), root() / "target");
    Spec spec = inside("ls /target; cat /proc/self/mountinfo | grep -c target || true");
    const TempDir source;
    write_file_atomic(source.path() / "marker", "x");
    spec.mounts.push_back(bind_mount(source.path(), "/target/sub", true));
    EXPECT_THROW(static_cast<void>(output_of(spec)), Error);  // dangling inside the root
    EXPECT_TRUE(fs::is_empty(victim.path()));
}

TEST_F(Root, DotDotInATargetIsUsage) {
    Spec spec = inside("true");
    spec.mounts.push_back(bind_mount("/usr", "/a/../../b", true));
    try {
        static_cast<void>(spawn(spec));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        EXPECT_THAT(error.what(), HasSubstr("'..'"));
    }
}

TEST_F(Root, MissingSourceIsNamedUnlessOptional) {
    Spec spec = inside("echo ok");
    spec.mounts.push_back(bind_mount("/no/such/source", "/x", true));
    try {
        static_cast<void>(spawn(spec));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.what(), HasSubstr("/no/such/source"));
    }
    spec.mounts.back().optional = true;
    EXPECT_EQ(output_of(spec), "ok\n");
}

TEST_F(Root, MissingRootIsNamed) {
    Spec spec = inside("true");
    spec.root = "/no/such/root";
    try {
        static_cast<void>(spawn(spec));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.what(), HasSubstr("'/no/such/root' cannot be its root"));
    }
}

TEST_F(Root, DevicesWork) {
    EXPECT_EQ(output_of(inside("echo gone > /dev/null; head -c 4 /dev/zero | wc -c; "
                               "head -c 4 /dev/urandom | wc -c; test -c /dev/pts/ptmx && "
                               "echo x > /dev/shm/f && cat /dev/fd/0 < /dev/shm/f")),
              "4\n4\nx\n");
}

TEST_F(Root, IsProcessOneOfItsOwn) {
    EXPECT_EQ(output_of(inside("echo $$; ls -d /proc/[0-9]* | wc -l")), "1\n3\n");
}

TEST_F(Root, EverythingInsideDiesWithTheProgram) {
    const TempDir results;
    // Leaves session and group; only the pid namespace can catch it.
    Spec spec = inside(
        "setsid sh -c 'while :; do echo x >> /r/beat; sleep 0.02; done' & "
        "while ! test -s /r/beat; do sleep 0.02; done; exit 0");
    spec.mounts.push_back(bind_mount(results.path(), "/r", false));
    EXPECT_TRUE(run_captured(spec).result.status.ok());
    const auto size = fs::file_size(results.path() / "beat");
    EXPECT_FALSE(test::eventually([&] { return fs::file_size(results.path() / "beat") != size; },
                                  std::chrono::seconds(1)));
}

TEST_F(Root, NetworkNamespaceHasOnlyALoopbackThatIsUp) {
    Spec spec = inside("cat /proc/net/dev | tail -n +3 | cut -d: -f1; cat /sys/class/net/lo/flags");
    spec.namespaces.net = true;
    spec.mounts.push_back(special_mount(MountKind::sys, "/sys"));
    EXPECT_EQ(output_of(spec), "    lo\n0x9\n");
}

TEST_F(Root, HostNameAndTmpfs) {
    Spec spec = inside("uname -n; touch /scratch/f && stat -c %a /scratch");
    spec.namespaces.uts = true;
    spec.hostname = "studio";
    spec.mounts.push_back(special_mount(MountKind::tmpfs, "/scratch", "size=64k,mode=1777"));
    EXPECT_EQ(output_of(spec), "studio\n1777\n");
    EXPECT_TRUE(fs::is_empty(root() / "scratch"));
}

TEST_F(Root, ReadOnlyRoot) {
    Spec spec = inside("echo x > /f; echo y > /dev/shm/f && echo shm-ok");
    spec.root_read_only = true;
    EXPECT_THAT(output_of(spec), ::testing::AllOf(HasSubstr("Read-only"), HasSubstr("shm-ok")));
}

TEST_F(Root, KilledSandboxLeavesNothingMounted) {
    Process process = spawn(inside("sleep 1000"));
    EXPECT_TRUE(mounts_below(root()).empty());
    static_cast<void>(process.kill());
    EXPECT_TRUE(mounts_below(root()).empty());
    EXPECT_NO_THROW(remove_tree_unmounted(root()));
    EXPECT_FALSE(fs::exists(root()));
}

}  // namespace
}  // namespace hab::sandbox
