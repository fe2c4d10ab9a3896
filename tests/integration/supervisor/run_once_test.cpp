// SPDX-License-Identifier: Apache-2.0
// Services that do a piece of work and end, and what services say kept in files.
#include <signal.h>

#include <algorithm>

#include "sup_fixture.hpp"

namespace hab::test {
namespace {

const fs::path spec = "/hab/sup/default/specs/tide.spec";

class RunOnce : public SupervisorTest {
protected:
    /// Notes each run in a file; its exit code is in default.toml.
    void job() {
        package("tide", {{"default.toml", "code = 0\n"},
                         {"hooks/run",
                          "#!/bin/sh\necho run >> {{pkg.svc_data_path}}/runs\n"
                          "exit {{cfg.code}}\n"}});
    }
    static std::size_t runs() {
        const auto text = read("/hab/svc/tide/data/runs");
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    bool finished() {
        return eventually([&] { return text("tide", "phase") == "finished"; });
    }
};

TEST_F(RunOnce, AGoodEndIsTheEnd) {
    job();
    write(spec, "ident = \"acme/tide\"\nrun_once = true\n");
    start();
    EXPECT_TRUE(finished()) << log();
    EXPECT_TRUE(logged("tide.default(SV): Service finished"));
    EXPECT_EQ(number("tide", "restart_count"), 0);
    // Not again because its supervisor is another one.
    const pid_t old = supervisor_pid();
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return supervisor_pid() > 0 && supervisor_pid() != old; }));
    EXPECT_TRUE(finished()) << log();
    EXPECT_EQ(runs(), 1u);
    // But again when the operator says so.
    write(spec, "ident = \"acme/tide\"\nrun_once = true\ndesired_state = \"down\"\n");
    EXPECT_TRUE(eventually([&] { return text("tide", "phase") == "down"; })) << log();
    write(spec, "ident = \"acme/tide\"\nrun_once = true\ndesired_state = \"up\"\n");
    EXPECT_TRUE(eventually([&] { return runs() == 2; })) << log();
    EXPECT_TRUE(finished());
}

TEST_F(RunOnce, ABadEndIsTriedAgain) {
    job();
    write("/hab/user/tide/config/user.toml", "code = 3\n");
    write(spec, "ident = \"acme/tide\"\nrun_once = true\n");
    start({"--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    ASSERT_TRUE(
        logged("Service failed, will restart after 1.00 secs: the process exited with code "
               "3"))
        << log();
    write("/hab/user/tide/config/user.toml", "code = 0\n");
    EXPECT_TRUE(finished()) << log();
    EXPECT_GE(number("tide", "restart_count").value_or(0), 1);
}

TEST_F(RunOnce, ATimerRunsItAgainAndAgain) {
    job();
    write(spec, "ident = \"acme/tide\"\nevery = 1\n");
    start();
    EXPECT_TRUE(eventually([] { return runs() >= 3; })) << log();
    EXPECT_EQ(count("Service failed"), 0u) << log();
    EXPECT_EQ(terminate(), 0) << "also while it waits";
}

TEST_F(RunOnce, WrongKeysAreNamed) {
    job();
    write(spec, "ident = \"acme/tide\"\nevery = 0\n");
    start();
    EXPECT_TRUE(logged("key 'every' must be at least 1 second")) << log();
    write(spec, "ident = \"acme/tide\"\nrun_once = \"yes\"\n");
    EXPECT_TRUE(logged("key 'run_once' must be true or false")) << log();
}

TEST_F(RunOnce, WhatAServiceSaysIsKeptInItsLog) {
    package("tide", {{"hooks/init", "#!/bin/sh\necho preparing\n"},
                     {"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say heard err hurt "
                      "sleep-forever\n"}});
    start({"acme/tide"});
    const fs::path file = svc("tide") / "logs/service.log";
    const auto holds = [&](const std::string& line) {
        return eventually([&] { return read(file).find(line) != std::string::npos; });
    };
    EXPECT_TRUE(holds("Z HK preparing\n")) << read(file);
    EXPECT_TRUE(holds("Z O heard\n")) << read(file);
    EXPECT_TRUE(holds("Z E hurt\n")) << read(file);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms(0640));
}

}  // namespace
}  // namespace hab::test
