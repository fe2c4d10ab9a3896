// SPDX-License-Identifier: Apache-2.0
#include "supervisor/not_loaded.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hab::supervisor {
namespace {

const std::vector<std::string> loaded{"core/redis", "acme/nginx"};

std::string hint(std::string_view wanted) {
    return not_loaded(wanted, loaded).hint();
}

TEST(NotLoaded, SaysWhatWasProbablyMeant) {
    EXPECT_EQ(hint("core/rediss"), "did you mean 'core/redis'?");
    EXPECT_EQ(hint("core/nginx"), "did you mean 'acme/nginx'?") << "another origin";
    EXPECT_EQ(hint("ngixn"), "did you mean 'nginx'?");
    EXPECT_EQ(hint("redis"), "did you mean 'core/redis'?");
}

TEST(NotLoaded, ElseWhereToLook) {
    EXPECT_EQ(hint("core/postgresql"), "`hab svc status` lists what is loaded");
    EXPECT_EQ(not_loaded("core/redis", {}).hint(), "`hab svc status` lists what is loaded");
    EXPECT_EQ(not_loaded("core/redis", {}).message(), "Service not loaded, core/redis");
    EXPECT_EQ(not_loaded("", loaded).code(), ErrorCode::not_found);
    EXPECT_EQ(hint(""), "`hab svc status` lists what is loaded");
}

}  // namespace
}  // namespace hab::supervisor
