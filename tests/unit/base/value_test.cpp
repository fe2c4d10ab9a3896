// SPDX-License-Identifier: Apache-2.0
#include "base/value.hpp"

#include <gtest/gtest.h>

namespace hab {
namespace {

TEST(Value, KeepsInsertionOrderAndReplacesInPlace) {
    Object object;
    object.set("z", 1);
    object.set("a", "x");
    object.set("z", 2);
    std::string keys;
    for (const auto& [key, value] : object)
        keys += key;
    EXPECT_EQ(keys, "za");
    EXPECT_EQ(*object.find("z")->as_int(), 2);
    object.erase("z");
    EXPECT_EQ(object.find("z"), nullptr);
}

TEST(Value, FollowsDottedPaths) {
    Object server;
    server.set("port", 80);
    Object root;
    root.set("server", server);
    const Value value = root;
    ASSERT_NE(value.at_path("server.port"), nullptr);
    EXPECT_EQ(*value.at_path("server.port")->as_int(), 80);
    EXPECT_EQ(value.at_path("server.nope"), nullptr);
    EXPECT_EQ(value.at_path("server.port.x"), nullptr);
}

TEST(Value, IntegersAndFloatsAreDifferentAndOriginsDoNotCount) {
    EXPECT_FALSE(Value(1) == Value(1.0));
    Value marked = 1;
    marked.set_origin(std::make_shared<Origin>(Origin{"default.toml", 3}));
    EXPECT_TRUE(marked == Value(1));
}

}  // namespace
}  // namespace hab
