// SPDX-License-Identifier: Apache-2.0
// Libraries that look right from outside and are not.
#include <gmock/gmock.h>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

/// The error of making an exporter from one fixture.
Error create_error(const std::string& fixture, const std::string& id, OptionValues given = {}) {
    const PluginDir dir;
    dir.add(fixture);
    Registry registry(Catalogue::discover(dir.plan()), no_services());
    return error_of([&] { (void)registry.exporter(id, given); });
}

TEST(BadLibrary, ThrowsInCreate) {
    const auto error = create_error("throws", "throws");
    EXPECT_EQ(error.code(), ErrorCode::bug);
    EXPECT_EQ(error.message(), "exporter throws broke: no engine socket");
    EXPECT_EQ(create_error("throws", "throws", {{"how", "int"}}).message(),
              "exporter throws broke: an exception of unknown type");
    const auto own = create_error("throws", "throws", {{"how", "own"}});
    EXPECT_EQ(own.code(), ErrorCode::denied);
    EXPECT_EQ(own.message(), "exporter throws: the engine refused the login");
    EXPECT_EQ(own.hint(), "log in first");
}

TEST(BadLibrary, LetsAnExceptionAcrossTheEdge) {
    const auto error = create_error("throws-across", "raw");
    EXPECT_EQ(error.code(), ErrorCode::bug);
    EXPECT_EQ(error.message(),
              "exporter raw broke: it let a C++ exception out of a plugin function");
}

TEST(BadLibrary, SaysOneThingAndIsAnother) {
    const auto error = create_error("mismatch", "raw");
    EXPECT_THAT(error.message(), HasSubstr("cannot load plugin "));
    EXPECT_THAT(error.message(),
                EndsWith("version is '1.0.0' in its metadata but '2.0.0' in its code"));
}

TEST(BadLibrary, HasNoEntryFunction) {
    EXPECT_THAT(create_error("no-entry", "raw").message(),
                EndsWith("it exports no function hab_plugin_entry_v1"));
}

TEST(BadLibrary, MissesASymbol) {
    const auto error = create_error("undefined-symbol", "raw");
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.message(), HasSubstr("hab_test_symbol_that_nobody_defines"));
}

TEST(BadLibrary, WasReplacedAfterItWasExamined) {
    const PluginDir dir;
    const auto file = dir.add("later");
    Registry registry(Catalogue::discover(dir.plan()), no_services());
    fs::rename(file, dir.path() / "old");
    dir.add("mismatch", file.filename().string());
    const auto error = error_of([&] { (void)registry.exporter("raw"); });
    EXPECT_THAT(error.message(), EndsWith("the file was replaced while it was being examined"));
}

TEST(BadLibrary, LaterMinorVersionsLoadAndFailuresWithoutTextAreNamed) {
    const PluginDir dir;
    dir.add("later");
    Registry registry(Catalogue::discover(dir.plan()), no_services());
    const auto exporter = registry.exporter("raw");
    EXPECT_EQ(exporter.meta().abi_minor, 7u);
    EXPECT_EQ(error_of([&] { exporter.run({}); }).message(),
              "exporter raw: failed with status 1 and no message");
}

}  // namespace
}  // namespace hab::plugin::test
