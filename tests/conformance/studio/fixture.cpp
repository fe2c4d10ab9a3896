// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/strings.hpp"

namespace hab::test {
namespace {

constexpr uid_t user = 4242;  ///< the account `hab` of a world

}  // namespace

std::vector<std::string> backends_under_test() {
    const char* named = std::getenv("HAB_STUDIO_UNDER_TEST");
    if (named == nullptr || *named == '\0') return {"chroot", "userns", "docker"};
    std::vector<std::string> list;
    for (const std::string_view name : split(named, ' '))
        list.emplace_back(name);
    return list;
}

void StudioConformance::SetUp() {
    PackageWorld::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    package("coreutils", {"cat", "chmod", "chown", "cp", "env", "id", "ln", "ls", "mkdir", "mv",
                          "rm", "sleep", "stat", "touch"});
    ASSERT_EQ(::chmod("/hab/pkgs", 0755), 0);
    make_directories(source());
    own(home());
    own(source());
    if (GetParam() == "docker") start_engine();
    if (IsSkipped() || HasFatalFailure()) return;
    const RunResult key = hab({"origin", "key", "generate", "acme"});
    ASSERT_EQ(key.exit_code, 0) << key.err;
}

void StudioConformance::start_engine() {
    HAB_REQUIRE(run({"sh", "-c", "command -v dockerd"}).exit_code == 0,
                "dockerd runs the containers of these tests");
    const std::string dir = (home() / "engine").string();
    make_directories(dir);
    engine_.emplace(std::vector<std::string>{
        "dockerd", "--iptables=false", "--bridge=none", "--data-root", dir + "/data", "--exec-root",
        dir + "/exec", "-H", "unix://" + dir + "/socket", "--pidfile", dir + "/pid"});
    ASSERT_TRUE(eventually([&] {
        return hab({"studio", "status"}).out.find("Usable   yes") != std::string::npos;
    })) << engine_->output();
}

/// The engine's mounts are its own to remove.
void StudioConformance::TearDown() {
    if (engine_) {
        engine_->signal(SIGTERM);
        EXPECT_TRUE(engine_->wait().has_value()) << engine_->output();
        const fs::path left = home() / "engine/exec/netns/default";
        if (fs::exists(left)) {
            EXPECT_EQ(::umount2(left.c_str(), MNT_DETACH), 0) << left;
        }
    }
    PackageWorld::TearDown();
}

void StudioConformance::own(const fs::path& path) const {
    if (as_user()) {
        ASSERT_EQ(::lchown(path.c_str(), user, user), 0) << path;
    }
}

std::vector<std::string> StudioConformance::words(std::vector<std::string> command) const {
    command.insert(command.begin(), program("bin/hab").string());
    if (as_user()) {
        const std::string id = std::to_string(user);
        command.insert(command.begin(),
                       {"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"});
    }
    return command;
}

RunOptions StudioConformance::options(std::map<std::string, std::string> env,
                                      std::string input) const {
    env.emplace("HAB_STUDIO_BACKEND", GetParam());
    env.emplace("HAB_STUDIO_ROOT", root().string());
    env.emplace("HAB_HART_COMPRESSION", "zstd");
    env.emplace("DOCKER_HOST", "unix://" + (home() / "engine/socket").string());
    env.emplace("HAB_LOG", "warn");
    if (as_user()) env.emplace("HOME", home().string());
    return {.env = std::move(env), .cwd = source().string(), .input = std::move(input)};
}

RunResult StudioConformance::hab(std::vector<std::string> command,
                                 std::map<std::string, std::string> env, std::string input) {
    return run(words(std::move(command)), options(std::move(env), std::move(input)));
}

RunResult StudioConformance::inside(const std::string& line,
                                    std::map<std::string, std::string> env) {
    return hab({"studio", "run", line}, std::move(env));
}

RunResult StudioConformance::build(std::map<std::string, std::string> env) {
    return hab({"pkg", "build", "app"}, std::move(env));
}

void StudioConformance::file(const std::string& relative, const std::string& text) const {
    const fs::path path = source() / relative;
    make_directories(path.parent_path());
    own(path.parent_path());
    write_file_atomic(path, text);
    own(path);
}

void StudioConformance::plan(const std::string& more) const {
    file("app/plan.sh",
         "pkg_name=app\npkg_origin=acme\npkg_version=1.0\npkg_maintainer=x\n"
         "do_build() { return 0; }\ndo_install() { echo made >\"$pkg_prefix/made\"; }\n" +
             more);
}

bool StudioConformance::runs(const std::string& text) {
    std::error_code ended;
    for (const auto& entry : fs::directory_iterator("/proc", ended)) {
        if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos)
            continue;
        std::ifstream file(entry.path() / "cmdline");
        std::string line{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        if (replace_all(line, std::string_view("\0", 1), " ").find(text) != std::string::npos)
            return true;
    }
    return false;
}

bool StudioConformance::ends(const std::string& text) {
    return eventually([&] { return !runs(text); });
}

}  // namespace hab::test
