// SPDX-License-Identifier: Apache-2.0
#include "build/plan_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build/build_error.hpp"

namespace hab::build {
namespace {

using Map = PlanEnvironment::Map;
using ::testing::HasSubstr;

EnvironmentChange change(std::string function, std::string name, std::string value) {
    return {std::move(function), false, std::move(name), std::move(value), {}, {}, {}, "acme/app"};
}

template <typename Call>
Error error_of(Call call) {
    try {
        call();
    } catch (const BuildError& error) {
        EXPECT_EQ(error.exit_code(), 1);
        return error;
    }
    ADD_FAILURE() << "no error";
    return {ErrorCode::bug, ""};
}

Map stored(const PlanEnvironment& env, const char* name) {
    PlanValues plan;
    env.store(plan);
    return plan.map(name);
}

TEST(MergeLists, KeepsFirstOccurrencesOnly) {
    EXPECT_EQ(merge_lists(":", "/b:/a", "/a:/c::/b"), "/b:/a:/c");
    EXPECT_EQ(merge_lists(";", "", "x;y"), "x;y");
    EXPECT_EQ(merge_lists(":", "", ""), "");
}

TEST(PlanEnvironment, PushPutsInFront) {
    PlanEnvironment env;
    EXPECT_EQ(env.change(change("push_runtime_env", "PYTHONPATH", "/a")), "/a");
    auto second = change("push_runtime_env", "PYTHONPATH", "/b");
    second.current = "/a:/caller";
    EXPECT_EQ(env.change(second), "/b:/a:/caller");
    // What the caller had is not part of the package.
    EXPECT_EQ(stored(env, "_hab_runtime_env"), (Map{{"PYTHONPATH", "/b:/a"}}));
    EXPECT_EQ(stored(env, "_hab_runtime_provenance"), (Map{{"PYTHONPATH", "acme/app"}}));
    EXPECT_TRUE(stored(env, "_hab_buildtime_env").empty());
}

TEST(PlanEnvironment, TypesAndSeparatorsOfThePlanCount) {
    PlanEnvironment env;
    auto one = change("push_buildtime_env", "MY_LIST", "a");
    one.type = "aggregate";
    one.separator = ",";
    auto two = one;
    two.value = "b";
    env.change(one);
    env.change(two);
    EXPECT_EQ(stored(env, "_hab_buildtime_env"), (Map{{"MY_LIST", "b,a"}}));
    auto primitive = change("push_runtime_env", "X", "1");
    primitive.type = "primitive";
    const Error error = error_of([&] { env.change(primitive); });
    EXPECT_EQ(error.message(), "push_runtime_env: X is primitive");
    EXPECT_EQ(error.hint(), "use set_runtime_env");
    auto odd = change("push_runtime_env", "X", "1");
    odd.type = "list";
    EXPECT_THAT(error_of([&] { env.change(odd); }).message(),
                HasSubstr("HAB_ENV_X_TYPE is 'list'"));
    env.change(change("push_runtime_env", "CLASSPATH", "/a.jar"));
    env.change(change("push_runtime_env", "CLASSPATH", "/b.jar"));
    EXPECT_EQ(stored(env, "_hab_runtime_env").at("CLASSPATH"), "/b.jar;/a.jar");
}

TEST(PlanEnvironment, SetTwiceNeedsForce) {
    PlanEnvironment env;
    env.change(change("set_runtime_env", "A", "1"));
    env.change(change("set_runtime_env", "A", "1"));
    const Error error = error_of([&] { env.change(change("set_runtime_env", "A", "2")); });
    EXPECT_EQ(error.message(), "set_runtime_env: A is already '1' (from acme/app)");
    auto forced = change("set_runtime_env", "A", "2");
    forced.force = true;
    EXPECT_EQ(env.change(forced), "2");
}

TEST(PlanEnvironment, WhatTheBuilderComputesIsNotForPlans) {
    PlanEnvironment env;
    for (const char* name :
         {"PATH", "LD_RUN_PATH", "LDFLAGS", "CFLAGS", "CPPFLAGS", "CXXFLAGS", "PKG_CONFIG_PATH"}) {
        for (const char* function : {"set_runtime_env", "push_buildtime_env"}) {
            EXPECT_THAT(error_of([&] { env.change(change(function, name, "x")); }).message(),
                        HasSubstr(std::string(name) + " is computed by the builder"));
        }
    }
}

TEST(PlanEnvironment, DependenciesAreLayered) {
    DepEnvironment deps;
    deps.runtime_env = {"core/a/1/1", "PYTHONPATH", "/a", "core/b/1/1", "PYTHONPATH", "/b",
                        "core/a/1/1", "JAVA",       "/a", "core/b/1/1", "JAVA",       "/b",
                        "core/a/1/1", "SAME",       "x",  "core/b/1/1", "SAME",       "x"};
    deps.buildtime_env = {"core/t/1/1", "PYTHONPATH", "/t", "core/t/1/1", "JAVA", "/t"};
    PlanEnvironment env;
    std::vector<std::string> warnings;
    env.layer(deps, {}, [&](std::string text) { warnings.push_back(std::move(text)); });
    EXPECT_EQ(stored(env, "_hab_runtime_env"),
              (Map{{"JAVA", "/b"}, {"PYTHONPATH", "/b:/a"}, {"SAME", "x"}}));
    EXPECT_EQ(stored(env, "_hab_runtime_provenance"), (Map{{"JAVA", "core/b/1/1"},
                                                           {"PYTHONPATH", "core/b/1/1 core/a/1/1"},
                                                           {"SAME", "core/b/1/1 core/a/1/1"}}));
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_EQ(warnings[0], "core/b/1/1 changes JAVA from '/a' to '/b'");
    // Build time over run time: lists in front, other values instead.
    EXPECT_EQ(env.exports({{"PYTHONPATH", "/callers"}}),
              (Map{{"JAVA", "/t"}, {"PYTHONPATH", "/t:/b:/a"}, {"SAME", "x"}}));
}

TEST(PlanEnvironment, APrefixIsReplacedEverywhere) {
    PlanEnvironment env;
    env.change(change("set_runtime_env", "A", "/hab/pkgs/o/n/unset/1/lib"));
    env.change(change("set_buildtime_env", "B", "/hab/pkgs/o/n/unset/1"));
    env.replace("/unset/", "/2.0/");
    EXPECT_EQ(stored(env, "_hab_runtime_env").at("A"), "/hab/pkgs/o/n/2.0/1/lib");
    EXPECT_EQ(stored(env, "_hab_buildtime_env").at("B"), "/hab/pkgs/o/n/2.0/1");
}

}  // namespace
}  // namespace hab::build
