// SPDX-License-Identifier: Apache-2.0
// `hab pkg uninstall` and `hab pkg gc` under kills, errors and power cuts.
#include "fault_sweep.hpp"
#include "package_maker.hpp"

namespace hab::test {
namespace {

const std::string lib = "acme/lib/1.0/20260101000000";
const std::string app = "acme/app/2.0/20260101000000";
const std::string newer = "acme/app/2.0/20260202000000";

class RemovalFaults : public FaultTest {
protected:
    /// `more` comes first; all are signed by the same key.
    void install_all(const std::vector<PackageSpec>& more = {}) {
        const PackageMaker maker;
        const fs::path work = "/hab/work";
        for (const PackageSpec& spec : more)
            hab({"pkg", "install", maker.make(spec, work).string()});
        maker.make({.ident = lib}, work);
        hab({"pkg", "install", maker.make({.ident = app, .tdeps = {lib}}, work).string()});
        hab({"pkg", "install", maker.make({.ident = newer, .tdeps = {lib}}, work).string()});
    }
};

TEST_F(RemovalFaults, UninstallOfOneRelease) {
    install_all();
    FaultSweep sweep({.name = "uninstall", .words = {"pkg", "uninstall", app}, .once = true});
    sweep.everything();
    const auto passed = sweep.kill_at_fail_points();
    EXPECT_THAT(passed, ::testing::IsSupersetOf({"removal.rename", "removal.parents"}));
}

TEST_F(RemovalFaults, UninstallWithDependencies) {
    install_all();
    hab({"pkg", "uninstall", app});
    // A dependency that the killed run did not come to stays, as whole as it was.
    const auto is_dependency = [](const std::string& path) {
        return path == "pkgs/acme" || path.starts_with("pkgs/acme/lib");
    };
    FaultSweep sweep({.name = "uninstall-deps",
                      .words = {"pkg", "uninstall", newer},
                      .free = is_dependency,
                      .once = true});
    sweep.everything();
}

TEST_F(RemovalFaults, Collection) {
    install_all({{.ident = "acme/lib/0.9/20250101000000"}});
    FaultSweep sweep({.name = "gc", .words = {"pkg", "gc", "--keep-latest", "1"}});
    sweep.everything();
}

}  // namespace
}  // namespace hab::test
