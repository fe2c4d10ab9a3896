// SPDX-License-Identifier: Apache-2.0
#include "package/service_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;

std::optional<std::uint64_t> read(std::string_view name, std::string_view text) {
    ServiceLimits limits;
    set_limit(limits, name, text);
    return *find_limit(limits, name);
}

void expect_refused(std::string_view name, std::string_view text, std::string_view hint) {
    try {
        (void)read(name, text);
        FAIL() << name << "=" << text;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_EQ(error.message(),
                  "'" + std::string(text) + "' is no limit of " + std::string(name));
        EXPECT_THAT(error.hint(), HasSubstr(std::string(hint)));
    }
}

TEST(ServiceLimits, ReadsAmountsWithUnits) {
    EXPECT_EQ(read("memory", "512M"), 512u << 20);
    EXPECT_EQ(read("memory", "2G"), std::uint64_t{2} << 30);
    EXPECT_EQ(read("memory", "1048576"), 1u << 20);
    EXPECT_EQ(read("open_files", "1024"), 1024u);
    EXPECT_EQ(read("pids", "1"), 1u);
    EXPECT_EQ(read("cpu", "150%"), 150u);
    for (const auto name : service_limit_names)
        EXPECT_EQ(read(name, "none"), ServiceLimits::none);
}

TEST(ServiceLimits, RefusesWhatIsNoLimit) {
    for (const auto* text : {"", "M", "12Q", "512MB", "-1", "1.5G", "1K", "99999999999T", "0"})
        expect_refused("memory", text, "write it as 512M");
    for (const auto* text : {"15", "many", "0", "99999999999"})
        expect_refused("open_files", text, "from 16 to");
    for (const auto* text : {"0", "4194305", "5%"})
        expect_refused("pids", text, "from 1 to 4194304");
    for (const auto* text : {"50", "0%", "%", "1.5%", "409601%"})
        expect_refused("cpu", text, "write it as 50%");
    try {
        (void)read("memory ", "1G");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.hint(), "use one of: memory, open_files, pids, cpu");
    }
}

TEST(ServiceLimits, WritesWhatItReads) {
    EXPECT_EQ(limit_text("memory", 512u << 20), "512M");
    EXPECT_EQ(limit_text("memory", (1u << 20) + 1), "1048577");
    EXPECT_EQ(limit_text("memory", std::uint64_t{3} << 50), "3072T");
    EXPECT_EQ(limit_text("pids", 1024), "1024");
    EXPECT_EQ(limit_text("cpu", 50), "50%");
    EXPECT_EQ(limit_text("cpu", ServiceLimits::none), "none");
}

TEST(ServiceLimits, TheOperatorsWordCountsMoreThanThePackages) {
    ServiceLimits package, spec;
    package.memory = 1u << 30;
    package.pids = 10;
    package.cpu = 50;
    spec.memory = 2u << 20;
    spec.cpu = ServiceLimits::none;
    const auto both = overlaid(package, spec);
    EXPECT_EQ(both.memory, 2u << 20);
    EXPECT_EQ(both.pids, 10u);
    EXPECT_EQ(both.cpu, ServiceLimits::none);
    EXPECT_FALSE(both.open_files);
}

}  // namespace
}  // namespace hab::package
