// SPDX-License-Identifier: Apache-2.0
// hab pkg gc beside a running supervisor: what a loaded service runs stays, with what it needs.
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

const std::string old_tide = "acme/tide/1.0.0/20260101000000";
const std::string new_tide = "acme/tide/2.0.0/20260101000000";
const std::string old_lib = "acme/lib/1.0.0/20260101000000";
const std::string new_lib = "acme/lib/2.0.0/20260101000000";

class GcBesideSupervisor : public SupervisorTest {
protected:
    static RunResult hab(std::vector<std::string> words) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words);
    }
    static bool there(const std::string& ident) { return fs::exists("/hab/pkgs/" + ident); }
    static void copy_release(const std::string& from, const std::string& to) {
        const fs::path dir = fs::path("/hab/pkgs") / to;
        fs::create_directories(dir.parent_path());
        fs::copy("/hab/pkgs/" + from, dir, fs::copy_options::recursive);
        write(dir / "IDENT", to + "\n");
    }
    /// Two generations of a service and of the library it needs.
    void two_generations() {
        package("lib", {});
        copy_release(old_lib, new_lib);
        package("tide", {{"hooks/run",
                          "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n"},
                         {"SVC_USER", "root\n"},
                         {"SVC_GROUP", "root\n"},
                         {"DEPS", old_lib + "\n"},
                         {"TDEPS", old_lib + "\n"}});
        copy_release(old_tide, new_tide);
        write("/hab/pkgs/" + new_tide + "/DEPS", new_lib + "\n");
        write("/hab/pkgs/" + new_tide + "/TDEPS", new_lib + "\n");
    }
};

TEST_F(GcBesideSupervisor, WhatALoadedServiceRunsStaysUntilItIsUnloaded) {
    two_generations();
    start();
    ASSERT_EQ(hab({"svc", "load", old_tide}).exit_code, 0);
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    const RunResult beside = hab({"pkg", "gc"});
    EXPECT_EQ(beside.exit_code, 0) << beside.err;
    EXPECT_THAT(beside.out, HasSubstr("Kept " + old_tide + ": "));
    EXPECT_THAT(beside.out, HasSubstr("Kept " + old_lib + ": " + old_tide + " needs it"));
    EXPECT_TRUE(there(old_tide) && there(old_lib) && there(new_tide) && there(new_lib));
    EXPECT_EQ(up("tide"), pid) << "it was left alone";
    ASSERT_EQ(hab({"svc", "stop", "acme/tide"}).exit_code, 0);
    EXPECT_TRUE(down("tide"));
    EXPECT_EQ(hab({"pkg", "gc"}).exit_code, 0);
    EXPECT_TRUE(there(old_tide)) << "stopped, but loaded";
    ASSERT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return get("/services/tide/default").status == 404; })) << log();
    const RunResult after = hab({"pkg", "gc"});
    EXPECT_EQ(after.exit_code, 0) << after.err;
    EXPECT_FALSE(there(old_tide)) << after.out;
    EXPECT_FALSE(there(old_lib)) << after.out;
    EXPECT_TRUE(there(new_tide) && there(new_lib));
}

TEST_F(GcBesideSupervisor, RefusesWhileTheSupervisorDoesNotAnswer) {
    two_generations();
    start();
    ASSERT_EQ(hab({"svc", "load", old_tide}).exit_code, 0);
    ASSERT_GT(up("tide"), 0);
    const std::string listen = read("/hab/sup/default/listen.json");
    write("/hab/sup/default/listen.json", "nonsense");
    const RunResult refused = hab({"pkg", "gc"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("cannot tell which packages the running Supervisor uses: "));
    EXPECT_TRUE(there(old_tide) && there(old_lib));
    write("/hab/sup/default/listen.json", listen);
}

}  // namespace
}  // namespace hab::test
