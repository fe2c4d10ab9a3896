// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_log.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::supervisor {
namespace {

const WallTime noon{std::chrono::seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z

class ServiceLogTest : public ::testing::Test {
protected:
    [[nodiscard]] std::string text(const std::string& name) const {
        return read_file_if_exists(dir_.path() / name).value_or("none");
    }
    TempDir dir_{"hab-service-log"};
};

TEST_F(ServiceLogTest, RotatesBySizeAndKeepsAsManyAsItShould) {
    LogFile log(dir_.path() / "x.log",
                {.max_bytes = 60, .max_age = std::chrono::hours(1), .keep = 2});
    for (const char* word :
         {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine"})
        log.append(noon, "O", word);
    // Two lines of 26 to 28 bytes fit into a file.
    EXPECT_EQ(text("x.log"), "2026-01-01T00:00:00Z O nine\n");
    EXPECT_EQ(text("x.log.1"), "2026-01-01T00:00:00Z O seven\n2026-01-01T00:00:00Z O eight\n");
    EXPECT_EQ(text("x.log.2"), "2026-01-01T00:00:00Z O five\n2026-01-01T00:00:00Z O six\n");
    EXPECT_EQ(text("x.log.3"), "none");
}

TEST_F(ServiceLogTest, RotatesByAge) {
    LogFile log(dir_.path() / "x.log",
                {.max_bytes = 1000, .max_age = std::chrono::hours(1), .keep = 2});
    log.append(noon, "O", "old");
    log.append(noon + std::chrono::minutes(60), "O", "still");
    log.append(noon + std::chrono::minutes(61), "E", "new");
    EXPECT_EQ(text("x.log"), "2026-01-01T01:01:00Z E new\n");
    EXPECT_EQ(text("x.log.1"), "2026-01-01T00:00:00Z O old\n2026-01-01T01:00:00Z O still\n");
}

TEST_F(ServiceLogTest, GoesOnWithTheFileOfAnEarlierSupervisor) {
    {
        LogFile(dir_.path() / "x.log", {}).append(noon, "O", "before");
    }
    LogFile(dir_.path() / "x.log", {}).append(noon, "O", "after");
    EXPECT_EQ(text("x.log"), "2026-01-01T00:00:00Z O before\n2026-01-01T00:00:00Z O after\n");
}

TEST_F(ServiceLogTest, DoesNotFollowALinkThatTheServiceMayHaveMade) {
    std::filesystem::create_symlink("/etc/hostname", dir_.path() / "x.log");
    LogFile log(dir_.path() / "x.log", {});
    EXPECT_THROW(log.append(noon, "O", "x"), Error);
}

TEST_F(ServiceLogTest, KeepsTheLinesOfEachServiceApartAndNotTheSupervisors) {
    const Paths paths(dir_.path());
    for (const char* name : {"tide", "moon"})
        make_directories(paths.svc(name) / "logs");
    const SystemClock clock;
    EventStream events(clock);
    const ServiceLogs logs(events, paths);
    events.publish(LogLine{LineSource::service_out, "tide.default", "O", "out"});
    events.publish(LogLine{LineSource::hook, "tide.default hook[init]:", "HK", "hook"});
    events.publish(LogLine{LineSource::supervisor, "moon.blue", "SV", "word"});
    events.publish(LogLine{LineSource::supervisor, "hab-sup", "MR", "own"});
    const auto tide = read_file(paths.svc("tide") / "logs/service.log", 4096);
    EXPECT_NE(tide.find("Z O out\n"), std::string::npos);
    EXPECT_NE(tide.find("Z HK hook\n"), std::string::npos);
    const auto moon = read_file(paths.svc("moon") / "logs/service.log", 4096);
    EXPECT_TRUE(moon.ends_with("Z SV word\n"));
    EXPECT_EQ(moon.find("own"), std::string::npos);
}

TEST_F(ServiceLogTest, ALogThatCannotBeWrittenCostsTheLineAndNothingElse) {
    const Paths paths(dir_.path());
    const SystemClock clock;
    EventStream events(clock);
    const ServiceLogs logs(events, paths);
    events.publish(LogLine{LineSource::service_out, "tide.default", "O", "lost"});
    make_directories(paths.svc("tide") / "logs");
    events.publish(LogLine{LineSource::service_out, "tide.default", "O", "kept"});
    const auto tide = read_file(paths.svc("tide") / "logs/service.log", 4096);
    EXPECT_NE(tide.find("Z SV 1 lines are missing here\n"), std::string::npos);
    EXPECT_NE(tide.find("Z O kept\n"), std::string::npos);
}

}  // namespace
}  // namespace hab::supervisor
