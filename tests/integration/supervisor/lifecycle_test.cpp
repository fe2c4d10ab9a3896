// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";

class Lifecycle : public SupervisorTest {};

TEST_F(Lifecycle, RunsAsTheServiceUserWithLabelledLines) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave ids fds err careful env WORD "
                      "say \"cwd $(pwd)\" sleep-forever\n"},
                     {"SVC_USER", "hab\n"},
                     {"SVC_GROUP", "hab\n"},
                     {"RUNTIME_ENVIRONMENT", "WORD=of-the-package\n"}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    const passwd* user = ::getpwnam("hab");
    ASSERT_NE(user, nullptr);
    ASSERT_TRUE(logged(fmt::format("tide.default(O): uid={} gid={} groups=", user->pw_uid,
                                   ::getgrnam("hab")->gr_gid)));
    EXPECT_TRUE(logged("tide.default(SV): Starting service as user=hab, group=hab"));
    EXPECT_TRUE(logged("tide.default(E): careful"));
    EXPECT_TRUE(logged("tide.default(O): WORD=of-the-package"));
    EXPECT_TRUE(logged("tide.default(O): cwd /hab/svc/tide"));
    EXPECT_EQ(count("tide.default(O): fd="), 3u) << "nothing of supervisor or launcher leaks\n"
                                                 << log();
    EXPECT_EQ(terminate(), 0);
}

TEST_F(Lifecycle, JsonLoggingIsOneObjectPerLine) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say 'a \"quoted\" \\ word' "
                      "sleep-forever\n"}});
    start({"--json-logging", "acme/tide"});
    ASSERT_GT(up("tide"), 0);
    ASSERT_TRUE(logged("quoted"));
    const std::string text = log();
    std::vector<std::string> said;
    for (const auto line : split(std::string_view(text).substr(0, text.rfind('\n')), '\n')) {
        const Value json = parse_json(line, "the console");
        ASSERT_NE(json.at_path("preamble"), nullptr) << line;
        if (*json.at_path("preamble")->as_string() != "tide.default") continue;
        said.push_back(*json.at_path("logkey")->as_string() + ": " +
                       *json.at_path("content")->as_string());
    }
    EXPECT_THAT(said, ::testing::Contains("O: a \"quoted\" \\ word")) << text;
}

TEST_F(Lifecycle, SupplementaryGroupsReachTheService) {
    package("tide",
            {{"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave ids sleep-forever\n"},
             {"SVC_USER", "hab\n"},
             {"SVC_GROUP", "hab\n"}});
    ASSERT_EQ(run({"sh", "-c", "echo crew:x:4711:hab >> /etc/group"}).exit_code, 0);
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.default(O): uid="));
    EXPECT_TRUE(logged("4711")) << log();
}

TEST_F(Lifecycle, ModesAndOwnersDoNotDependOnTheUmask) {
    package("tide", {{"hooks/run", forever},
                     {"hooks/init", "#!/bin/sh\nexit 0\n"},
                     {"config/sub/a.conf", "x\n"},
                     {"SVC_USER", "hab\n"},
                     {"SVC_GROUP", "hab\n"}});
    const mode_t old = ::umask(077);
    start({"acme/tide"});
    ::umask(old);
    ASSERT_GT(up("tide"), 0);
    const uid_t hab = ::getpwnam("hab")->pw_uid;
    const auto check = [](const fs::path& path, mode_t mode, uid_t owner) {
        struct stat info{};
        ASSERT_EQ(::stat(path.c_str(), &info), 0) << path;
        EXPECT_EQ(info.st_mode & 07777, mode) << path;
        EXPECT_EQ(info.st_uid, owner) << path;
    };
    const auto root = svc("tide");
    check(root, 0755, 0);
    check(root / "hooks", 0755, 0);
    check(root / "logs", 0755, 0);
    for (const char* name : {"config", "data", "files", "static", "var"})
        check(root / name, 0770, hab);
    check(root / "config/sub", 0770, hab);
    check(root / "config/sub/a.conf", 0740, hab);
    check(root / "hooks/run", 0755, 0);
    check(root / "run", 0755, 0);
    check(root / "PID", 0644, 0);
    check("/hab/sup/default/CTL_SECRET", 0600, 0);
    check("/hab/launcher/PID", 0644, 0);
}

TEST_F(Lifecycle, TermStopsEverythingInOrder) {
    package("tide", {{"hooks/init", "#!/bin/sh\necho first\n"},
                     {"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave on-term "
                      "{{pkg.svc_data_path}}/saw-term sleep-forever\n"},
                     {"hooks/post-stop", "#!/bin/sh\necho afterwards\n"}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    EXPECT_EQ(read(svc("tide") / "PID"), std::to_string(pid));
    // misbehave installs its handler a moment after the process is there.
    ASSERT_TRUE(eventually([&] {
        return read(fmt::format("/proc/{}/comm", pid)) == "misbehave\n" &&
               read(fmt::format("/proc/{}/wchan", pid)) != "0";
    }));
    EXPECT_EQ(terminate(), 0);
    EXPECT_TRUE(fs::exists(svc("tide") / "data/saw-term")) << log();
    EXPECT_EQ(read(svc("tide") / "logs/post-stop.stdout.log"), "afterwards\n");
    EXPECT_FALSE(fs::exists(svc("tide") / "PID"));
    EXPECT_FALSE(fs::exists("/hab/sup/default/listen.json"));
    EXPECT_FALSE(fs::exists("/hab/launcher/PID"));
    EXPECT_FALSE(alive(pid));
    EXPECT_NE(log().find("Hasta la vista, services."), std::string::npos);
}

TEST_F(Lifecycle, AProcessThatIgnoresTermIsKilledAfterItsTime) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave ignore-term orphan say deaf "
                      "sleep-forever\n"},
                     {"SHUTDOWN_TIMEOUT", "1\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.default(O): deaf"));
    EXPECT_EQ(terminate(), 0);
    EXPECT_NE(log().find("did not stop in time, killing it"), std::string::npos) << log();
    EXPECT_FALSE(any_alive("misbehave")) << "its child is gone too";
}

TEST_F(Lifecycle, SpecFilesStartStopAndRemoveServices) {
    package("tide", {{"hooks/run", forever}});
    start();
    const fs::path spec = "/hab/sup/default/specs/tide.spec";
    write(spec, "ident = \"acme/tide\"\n");
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    write(spec, "ident = \"acme/tide\"\ndesired_state = \"down\"\n");
    ASSERT_TRUE(down("tide")) << log();
    EXPECT_EQ(text("tide", "desired_state"), "Down");
    write(spec, "ident = \"acme/tide\"\nchannel = \"unstable\"\n");
    const pid_t second = up("tide", pid);
    ASSERT_GT(second, 0);
    write(spec, "ident = \"acme/tide\"\nchannel = \"stable\"\n");
    ASSERT_TRUE(eventually([&] { return text("tide", "channel") == "stable"; }));
    EXPECT_EQ(up("tide"), second) << "a change of channel does not touch the process";
    write(spec, "ident = ");
    ASSERT_TRUE(logged("Skipping a spec file: " + spec.string() + ":1"));
    EXPECT_EQ(up("tide"), second) << "a broken spec file stops nothing";
    fs::remove(spec);
    ASSERT_TRUE(eventually([&] { return get("/services/tide/default").status == 404; })) << log();
    EXPECT_FALSE(alive(second));
}

TEST_F(Lifecycle, TheSecondSupervisorIsRefused) {
    start();
    const auto second = run({program("libexec/hab/hab-launch").string(), "run", "--listen-http",
                             "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0"});
    EXPECT_EQ(second.exit_code, 86);
    EXPECT_NE(second.err.find("Is another Supervisor process running?"), std::string::npos);
    EXPECT_EQ(get("/services").status, 200) << "the first one is not disturbed";
    EXPECT_EQ(trim(read("/hab/launcher/PID")), std::to_string(sup_->pid()));
}

TEST_F(Lifecycle, AStaleLockFileIsTakenOver) {
    write("/hab/sup/default/LOCK", "4242424");
    start();
    EXPECT_EQ(read("/hab/sup/default/LOCK"), std::to_string(sup_->pid()));
}

}  // namespace
}  // namespace hab::test
