// SPDX-License-Identifier: Apache-2.0
// main() of integration tests: runs all of gtest inside a fresh world.

#include <gmock/gmock.h>

#include <cstring>

#include "support/world.hpp"

#ifndef HAB_TEST_HOST_NETWORK
#define HAB_TEST_HOST_NETWORK 0
#endif

namespace {

int run_tests(void*) {
    return RUN_ALL_TESTS();
}

}  // namespace

int main(int argc, char** argv) {
    bool list_only = false;
    for (int i = 1; i < argc; ++i)
        list_only |= std::strcmp(argv[i], "--gtest_list_tests") == 0;
    ::testing::InitGoogleMock(&argc, argv);
    // Outside a world the fixtures skip loudly, and fail where CI is set.
    if (list_only || !hab::test::why_no_world().empty()) return RUN_ALL_TESTS();
    const hab::test::WorldOptions options{.host_network = HAB_TEST_HOST_NETWORK != 0};
    return hab::test::run_in_world(options, run_tests, nullptr);
}
