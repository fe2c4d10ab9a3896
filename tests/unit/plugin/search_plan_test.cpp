// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstdlib>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

using ::testing::ElementsAre;

/// Sets an environment variable for one test.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        ::setenv(name, value, 1);
    }
    ~Variable() {
        if (old_) {
            ::setenv(name_, old_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    std::optional<std::string> old_;
};

TEST(SearchPlan, FromTheEnvironment) {
    const Variable path("HAB_PLUGIN_PATH", "/a::/b");
    const Variable data("XDG_DATA_HOME", "/data");
    const Variable off("HAB_PLUGIN_DISABLE", "exporter/docker, studio/x,");
    const auto plan = SearchPlan::from_environment({"x.so"}, {"/pkg"});
    EXPECT_THAT(plan.disabled, ElementsAre("exporter/docker", "studio/x"));
    EXPECT_THAT(plan.files, ElementsAre("x.so"));
    EXPECT_THAT(plan.env_dirs, ElementsAre("/a", "/b"));
    EXPECT_EQ(plan.user_dir, "/data/hab/plugins/1");
    EXPECT_THAT(plan.package_dirs, ElementsAre("/pkg"));
    EXPECT_THAT(plan.system_dirs,
                ElementsAre("/usr/local/lib/hab/plugins/1", "/usr/lib/hab/plugins/1"));
    ASSERT_TRUE(plan.builtin_dir);
    EXPECT_TRUE(plan.builtin_dir->string().ends_with("/lib/hab/plugins/1"));
}

TEST(SearchPlan, HomeIsTheFallbackOfXdg) {
    const Variable data("XDG_DATA_HOME", "relative/is/ignored");
    const Variable home("HOME", "/home/me");
    EXPECT_EQ(SearchPlan::from_environment().user_dir, "/home/me/.local/share/hab/plugins/1");
}

TEST(SearchPlan, ASupervisorOfRootIgnoresWhatUsersName) {
    HAB_REQUIRE(::geteuid() == 0, "needs root: the rule is about processes of root");
    const Variable path("HAB_PLUGIN_PATH", "/a");
    const auto plan = SearchPlan::from_environment({"x.so"}, {}, false);
    EXPECT_TRUE(plan.files.empty());
    EXPECT_TRUE(plan.env_dirs.empty());
    EXPECT_EQ(plan.user_dir, std::nullopt);
}

}  // namespace
}  // namespace hab::plugin::test
