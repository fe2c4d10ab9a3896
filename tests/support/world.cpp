// SPDX-License-Identifier: Apache-2.0
#include "support/world.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/tree.hpp"

namespace hab::test {
namespace {

constexpr const char* world_mark = "HAB_TEST_WORLD";

void check(int result, const std::string& tried) {
    if (result != 0) throw Error::from_errno(tried);
}

void bind_entry(const fs::path& source, const fs::path& target) {
    if (fs::is_symlink(source)) {
        fs::copy_symlink(source, target);
    } else if (fs::is_directory(source)) {
        fs::create_directory(target);
        check(::mount(source.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr),
              fmt::format("cannot bind '{}'", source.string()));
    }
}

/// A root of binds, so that /hab can exist here without ever existing on the machine.
void make_root() {
    check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr),
          "cannot make mounts private");
    const fs::path root = "/tmp/.hab-test-root";
    fs::create_directories(root);  // only a mount point; empty and shared by all tests
    check(::mount("tmpfs", root.c_str(), "tmpfs", 0, "mode=0755"), "cannot mount a tmpfs");
    for (const auto& entry : fs::directory_iterator("/")) {
        const fs::path name = entry.path().filename();
        if (name != "hab" && name != "proc" && name != "tmp") bind_entry(entry.path(), root / name);
    }
    fs::create_directory(root / "proc");
    fs::create_directory(root / "hab");
    fs::create_directory(root / "tmp");
    check(::mount("proc", (root / "proc").c_str(), "proc", 0, nullptr), "cannot mount /proc");
    check(::mount("tmpfs", (root / "hab").c_str(), "tmpfs", 0, "mode=0755"), "cannot mount /hab");
    check(::mount("/tmp", (root / "tmp").c_str(), nullptr, MS_BIND, nullptr), "cannot bind /tmp");
    check(::chdir(root.c_str()), "cannot enter the new root");
    check(static_cast<int>(::syscall(SYS_pivot_root, ".", ".")), "cannot pivot the root");
    check(::umount2(".", MNT_DETACH), "cannot leave the old root");
    check(::chdir("/"), "cannot change to the root");
}

void add_account(const char* file, const std::string& line) {
    const fs::path copy = fs::path("/hab") / fs::path(file).filename();
    std::ofstream(copy) << read_file(file) << line;
    check(::mount(copy.c_str(), file, nullptr, MS_BIND, nullptr),
          fmt::format("cannot bind {}", file));
    check(::umount2("/hab", MNT_DETACH) == 0 ? 0 : -1, "cannot renew /hab");
    check(::mount("tmpfs", "/hab", "tmpfs", 0, "mode=0755"), "cannot mount /hab");
}

void make_accounts() {
    add_account("/etc/passwd", "hab:x:4242:4242:hab:/:/bin/sh\n");
    add_account("/etc/group", "hab:x:4242:\n");
}

void raise_loopback() {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::snprintf(request.ifr_name, sizeof request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    const int result = ::ioctl(fd, SIOCSIFFLAGS, &request);
    ::close(fd);
    check(result, "cannot raise the loopback interface");
}

void write_map(const char* file, const std::string& text) {
    const int fd = ::open(file, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || ::write(fd, text.data(), text.size()) < 0) {
        throw Error::from_errno(fmt::format("cannot write {}", file));
    }
    ::close(fd);
}

void unshare_all(const WorldOptions& options) {
    int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    if (!options.host_network) flags |= CLONE_NEWNET;
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    if (uid != 0) flags |= CLONE_NEWUSER;
    check(::unshare(flags), "cannot make namespaces");
    if (uid != 0) {
        write_map("/proc/self/setgroups", "deny");
        write_map("/proc/self/uid_map", fmt::format("0 {} 1", uid));
        write_map("/proc/self/gid_map", fmt::format("0 {} 1", gid));
    }
}

/// Waits for `main_child`, reaping every orphan of the world on the way (we are its pid 1).
int reap_until(pid_t main_child) {
    for (;;) {
        int status = 0;
        const pid_t pid = ::waitpid(-1, &status, 0);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) return 1;
        if (pid != main_child) continue;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
}

int init_of_world(const WorldOptions& options, int (*body)(void*), void* context) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        make_root();
        make_accounts();
        if (!options.host_network) raise_loopback();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "cannot make the test's world: %s\n", error.what());
        return 99;
    }
    ::setenv(world_mark, "1", 1);
    const pid_t child = ::fork();
    if (child == 0) {
        const int code = body(context);
        std::fflush(nullptr);
        ::_exit(code);
    }
    return reap_until(child);
}

}  // namespace

int run_in_world(const WorldOptions& options, int (*body)(void*), void* context) {
    std::fflush(nullptr);
    const pid_t outer = ::fork();
    if (outer == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        try {
            unshare_all(options);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "cannot make the test's world: %s\n", error.what());
            ::_exit(99);
        }
        const pid_t init = ::fork();
        if (init == 0) ::_exit(init_of_world(options, body, context));
        ::_exit(reap_until(init));
    }
    return reap_until(outer);
}

bool inside_world() {
    return std::getenv(world_mark) != nullptr;
}

std::string why_no_world() {
    static const std::string reason = [] {
        const pid_t child = ::fork();
        if (child == 0) {
            const int flags = CLONE_NEWNS | CLONE_NEWPID | (::geteuid() == 0 ? 0 : CLONE_NEWUSER);
            ::_exit(::unshare(flags) == 0 ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status == 0 ? std::string()
                           : std::string("mount and pid namespaces are not allowed");
    }();
    return reason;
}

void reset_hab() {
    if (!inside_world()) throw Error(ErrorCode::bug, "reset_hab() outside a test world");
    for (const auto& entry : fs::directory_iterator("/hab"))
        remove_tree(entry.path());
}

void WorldTest::SetUp() {
    HAB_REQUIRE(inside_world(), why_no_world());
    reset_hab();
}

bool in_ci() {
    const char* ci = std::getenv("CI");
    return ci != nullptr && *ci != '\0';
}

namespace {

fs::path from_env(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) throw Error(ErrorCode::usage, fmt::format("{} is not set", name));
    return value;
}

}  // namespace

fs::path build_dir() {
    return from_env("HAB_TEST_BUILD_DIR");
}

fs::path source_dir() {
    return from_env("HAB_TEST_SOURCE_DIR");
}

fs::path program(std::string_view relative) {
    return build_dir() / relative;
}

fs::path shared_data() {
    const char* named = std::getenv("HAB_SHARED_DATA");
    fs::path dir = named != nullptr ? fs::path(named) : source_dir() / "../shared/data";
    return fs::is_directory(dir) ? fs::canonical(dir) : fs::path();
}

}  // namespace hab::test
