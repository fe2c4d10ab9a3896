// SPDX-License-Identifier: Apache-2.0
#include "build/studio_setup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hab::build {
namespace {

TEST(StudioSetup, DirectoriesAreNamedAfterTheSource) {
    EXPECT_EQ(studio_directory_name("/home/me/my plans"), "home--me--my-plans");
    EXPECT_EQ(studio_directory_name("/"), "root");
    EXPECT_NE(studio_directory_name("/foo"), studio_directory_name("/foo/bar"));
}

TEST(StudioSetup, NamesOfLongPathsFitAndDiffer) {
    const std::string tail = std::string(150, 'x') + "/" + std::string(150, 'y');
    const std::string one = studio_directory_name("/one/" + tail);
    const std::string two = studio_directory_name("/two/" + tail);
    EXPECT_EQ(one.size(), 200U);
    EXPECT_THAT(one, ::testing::EndsWith("xx--" + std::string(150, 'y')));
    EXPECT_NE(one, two);
    EXPECT_EQ(one, studio_directory_name("/one/" + tail));
}

TEST(StudioSetup, PluginsGetNamesThatTheyTake) {
    EXPECT_EQ(studio_plugin_name("My Plan_1"), "my-plan-1");
    EXPECT_EQ(studio_plugin_name(std::string(80, 'a') + "z").size(), 63U);
}

TEST(StudioSetup, OnlyWhatIsNamedGetsIn) {
    const sandbox::Environment inside = studio_environment({{"HAB_STUDIO_SECRET_WORD", "a  b"},
                                                            {"HAB_STUDIO_SECRET_PATH", "/evil"},
                                                            {"HAB_STUDIO_SECRET_", "x"},
                                                            {"HAB_ORIGIN", "acme"},
                                                            {"TERM", ""},
                                                            {"HAB_AUTH_TOKEN", "secret"}});
    const sandbox::Environment expected = {
        {"HAB_ORIGIN", "acme"}, {"HOME", "/root"}, {"WORD", "a  b"}};
    EXPECT_EQ(inside, expected);
}

}  // namespace
}  // namespace hab::build
