// SPDX-License-Identifier: Apache-2.0
#include "package/uninstall_plan.hpp"

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

using Node = PackageGraph::Node;

Ident named(const std::string& name) {
    return ident("acme/" + name + "/1/20260101000000");
}

PackageGraph::Entry entry(const std::string& name, const std::vector<std::string>& deps) {
    PackageGraph::Entry made{named(name), {}};
    for (const std::string& dep : deps)
        made.deps.push_back(named(dep));
    return made;
}

/// Names of what goes, in order. `keep`: names with a reason to stay.
class Planner {
public:
    explicit Planner(std::vector<PackageGraph::Entry> entries) : graph_(std::move(entries)) {}

    UninstallPlan plan(const std::string& target, const std::set<std::string>& keep = {},
                       bool with_dependencies = true) const {
        UninstallRules rules;
        rules.with_dependencies = with_dependencies;
        rules.keep_reason = [&keep](const Ident& i) {
            return std::string(keep.contains(i.name) ? "it is wanted" : "");
        };
        return plan_uninstall(graph_, *graph_.find(named(target)), gone_, rules);
    }
    std::vector<std::string> names(const UninstallPlan& plan) const {
        std::vector<std::string> names;
        for (const Node node : plan.remove)
            names.push_back(graph_.ident(node).name);
        return names;
    }
    void remove(const std::string& name) { gone_.insert(*graph_.find(named(name))); }

private:
    PackageGraph graph_;
    std::set<Node> gone_;
};

TEST(UninstallPlan, TakesWhatOnlyItNeeded) {
    const Planner planner({entry("app", {"a", "b"}), entry("a", {"c"}), entry("b", {}),
                           entry("c", {}), entry("other", {"b"})});
    EXPECT_THAT(planner.names(planner.plan("app")), ElementsAre("app", "a", "c"));
}

TEST(UninstallPlan, EachGoesBeforeWhatItNeeds) {
    // DEPS names c before a, though a needs it.
    const Planner planner(
        {entry("app", {"c", "a"}), entry("a", {"b"}), entry("b", {"c"}), entry("c", {})});
    EXPECT_THAT(planner.names(planner.plan("app")), ElementsAre("app", "a", "b", "c"));
}

TEST(UninstallPlan, WithoutDependencies) {
    const Planner planner({entry("app", {"a"}), entry("a", {})});
    EXPECT_THAT(planner.names(planner.plan("app", {}, false)), ElementsAre("app"));
}

TEST(UninstallPlan, PackageThatOthersNeedIsAnError) {
    const Planner planner({entry("app", {"a"}), entry("more", {"a"}), entry("a", {})});
    const Error error = error_of([&] { (void)planner.plan("a"); });
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_THAT(error.message(),
                HasSubstr("cannot uninstall 'acme/a/1/20260101000000': acme/app/1/20260101000000, "
                          "acme/more/1/20260101000000 need it"));
}

TEST(UninstallPlan, WhatIsGoneNeedsNothing) {
    Planner planner({entry("app", {"a"}), entry("a", {})});
    planner.remove("app");
    EXPECT_THAT(planner.names(planner.plan("a")), ElementsAre("a"));
}

TEST(UninstallPlan, ManyDependentsAreCounted) {
    std::vector<PackageGraph::Entry> entries{entry("a", {})};
    for (int i = 0; i < 9; ++i)
        entries.push_back(entry("n" + std::to_string(i), {"a"}));
    const Planner planner(std::move(entries));
    const Error error = error_of([&] { (void)planner.plan("a"); });
    EXPECT_THAT(error.message(), HasSubstr("acme/n4/1/20260101000000 and 4 more need it"));
}

TEST(UninstallPlan, ReasonToKeepTheTargetKeepsEverything) {
    const Planner planner({entry("app", {"a"}), entry("a", {})});
    const auto plan = planner.plan("app", {"app"});
    EXPECT_THAT(plan.remove, IsEmpty());
    EXPECT_THAT(plan.kept, ElementsAre(Pair(named("app"), "it is wanted")));
}

TEST(UninstallPlan, WhatIsKeptKeepsWhatItNeeds) {
    const Planner planner({entry("app", {"a", "d"}), entry("a", {"b"}), entry("b", {"c"}),
                           entry("c", {}), entry("d", {})});
    const auto plan = planner.plan("app", {"b"});
    EXPECT_THAT(planner.names(plan), ElementsAre("app", "d", "a"));
    EXPECT_THAT(plan.kept, ElementsAre(Pair(named("b"), "it is wanted")));
}

TEST(UninstallPlan, PackagesThatNeedEachOtherGoTogether) {
    const Planner planner({entry("app", {"a"}), entry("a", {"b"}), entry("b", {"a", "b"})});
    EXPECT_THAT(planner.names(planner.plan("app")), ElementsAre("app", "a", "b"));
}

}  // namespace
}  // namespace hab::package
