// SPDX-License-Identifier: Apache-2.0
// Death at every fail point that the sources name, in commands that pass all of them together.
#include "crypto/key_cache.hpp"
#include "fault_sweep.hpp"
#include "package_maker.hpp"

namespace hab::test {
namespace {

class FailPoints : public FaultTest {
protected:
    void sweep(Scenario scenario) {
        passed_.merge(FaultSweep(std::move(scenario)).kill_at_fail_points());
    }
    std::set<std::string> passed_;
};

TEST_F(FailPoints, EachIsPassedBySomeSweep) {
    const PackageMaker maker;
    const std::string lib = "acme/lib/1.0/20260101000000";
    const std::string newer = "acme/lib/1.0/20260202000000";
    const fs::path hart = maker.make(
        {.ident = lib, .files = {{"hooks/install", "#!/bin/sh\nexit 0\n"}}}, "/hab/work");
    sweep({.name = "install",
           .words = {"pkg", "install", hart.string()},
           .free = [](const auto& path) {
               return path.starts_with("cache/artifacts") || path.starts_with("svc/lib/");
           }});
    crypto::KeyCache("/hab/cache/keys").store(maker.keys());
    make_directories("/hab/out");
    write_file_atomic("/hab/payload", "x");
    sweep({.name = "sign",
           .words = {"pkg", "sign", "--origin", "acme", "/hab/payload", "/hab/out/x.hart"}});
    sweep({.name = "trust",
           .words = {"origin", "key", "trust", maker.keys().public_key.name().to_string()}});
    // Superseded packages with their artifacts, and what an old build left.
    hab({"pkg", "install", maker.make({.ident = newer}, "/hab/work").string()});
    make_directories("/hab/cache/src/app-1.0");
    write_file_atomic("/hab/cache/src/app-1.0/main.c", "");
    sweep({.name = "gc", .words = {"pkg", "gc"}});
    EXPECT_EQ(passed_, fail_points());
}

}  // namespace
}  // namespace hab::test
