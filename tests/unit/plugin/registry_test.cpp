// SPDX-License-Identifier: Apache-2.0
// The whole way: discovery, options, loading, create, calls, with a plugin made like an author's.
#include "plugin/registry.hpp"

#include <gmock/gmock.h>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

class RegistryTest : public ::testing::Test {
protected:
    RegistryTest() : file_(dir_.add("good")) {}

    PluginDir dir_;
    fs::path file_;
    Registry registry_{Catalogue::discover(dir_.plan()), no_services()};
};

ExportRequest request(std::string ident) {
    ExportRequest request;
    request.idents = {std::move(ident)};
    request.output_dir = "/out";
    request.work_dir = "/work";
    request.source_epoch = 1467936000;
    return request;
}

TEST_F(RegistryTest, OptionsAndRequestArrive) {
    const auto exporter =
        registry_.exporter("good", {{"level", "007"}, {"tag", "a"}, {"tag", "b"}});
    EXPECT_EQ(exporter.meta().version, "1.2.3");
    EXPECT_EQ(exporter.plan(request("core/x/1/2")),
              R"({"level":7,"ident":"core/x/1/2","tags":"a;b;","epoch":1467936000})");
    exporter.run(request("core/x"));
    exporter.verify("/out/fine.tar");
}

TEST_F(RegistryTest, PluginFailuresBecomeErrors) {
    const auto exporter = registry_.exporter("good");
    const auto usage = error_of([&] { exporter.run(request("bad/usage")); });
    EXPECT_EQ(usage.code(), ErrorCode::usage);
    EXPECT_EQ(usage.message(), "exporter good: cannot export bad/usage");
    EXPECT_EQ(usage.hint(), "export something else");
    const auto bug = error_of([&] { exporter.run(request("bad/bug")); });
    EXPECT_EQ(bug.code(), ErrorCode::bug);
    EXPECT_EQ(bug.message(), "exporter good broke: index 7 of 3");
    EXPECT_EQ(error_of([&] { exporter.run(request("bad/int")); }).message(),
              "exporter good broke: an exception of unknown type");
    EXPECT_EQ(error_of([&] { exporter.verify("broken.tar"); }).message(),
              "exporter good: the archive is damaged");
}

TEST_F(RegistryTest, WhatAPluginDoesNotOfferIsUnsupported) {
    const auto exporter = registry_.exporter("minimal");
    exporter.run(request("a/b"));
    const auto plan = error_of([&] { (void)exporter.plan(request("a/b")); });
    EXPECT_EQ(plan.code(), ErrorCode::unsupported);
    EXPECT_EQ(plan.message(), "exporter minimal cannot say beforehand what it would write");
    EXPECT_EQ(error_of([&] { exporter.verify("x"); }).message(),
              "exporter minimal cannot verify artefacts");
}

TEST_F(RegistryTest, WrongOptionsAreFoundBeforeTheLibraryIsLoaded) {
    fs::resize_file(file_, 100);  // loading would fail
    const auto error = error_of([&] { (void)registry_.exporter("good", {{"level", "high"}}); });
    EXPECT_EQ(error.message(), "option --level cannot be 'high': it is not a whole number");
    EXPECT_EQ(error_of([&] { (void)registry_.exporter("good", {{"format", "xml"}}); }).message(),
              "option --format cannot be 'xml': it must be one of json, text");
}

TEST_F(RegistryTest, CancellationReachesThePlugin) {
    class Cancelled : public HostContext {
    public:
        const void* service(std::string_view) noexcept override { return nullptr; }
        bool cancelled() noexcept override { return true; }
    };
    Registry registry(Catalogue::discover(dir_.plan()),
                      [](const PluginMeta&) { return std::make_shared<Cancelled>(); });
    const auto exporter = registry.exporter("good");
    EXPECT_EQ(error_of([&] { exporter.run(request("a/b")); }).code(), ErrorCode::cancelled);
}

TEST_F(RegistryTest, Capabilities) {
    const auto& catalogue = registry_.catalogue();
    using ::testing::ElementsAre;
    EXPECT_THAT(registry_.capabilities(catalogue.require(Kind::exporter, "good")),
                ElementsAre("plan", "run", "verify"));
    EXPECT_THAT(registry_.capabilities(catalogue.require(Kind::exporter, "minimal")),
                ElementsAre("run"));
    EXPECT_THAT(registry_.capabilities(catalogue.require(Kind::topology, "mirror")),
                ElementsAre("min_members", "step", "describe"));
    EXPECT_THAT(registry_.capabilities(catalogue.require(Kind::studio, "fake")),
                ElementsAre("probe", "create", "run", "remove", "list"));
}

TEST_F(RegistryTest, InstancesOutliveTheRegistry) {
    auto registry = std::make_unique<Registry>(Catalogue::discover(dir_.plan()), no_services());
    const auto exporter = registry->exporter("good");
    registry.reset();
    exporter.run(request("a/b"));
}

TEST(RegistryStatic, TakesTablesWithoutAFile) {
    static const hab_exporter_api api = {
        sizeof(hab_exporter_api), nullptr,
        [](void*, const hab_export_request*, hab_error*) { return hab_status{HAB_STATUS_OK}; },
        nullptr};
    static const hab_plugin_desc desc = {
        .struct_size = sizeof(hab_plugin_desc),
        .kind = HAB_KIND_EXPORTER,
        .thread_model = HAB_THREADS_FREE,
        .flags = 0,
        .id = "linked",
        .version = "1",
        .summary = "s",
        .vendor = nullptr,
        .licence = nullptr,
        .url = nullptr,
        .options = nullptr,
        .create = [](const hab_host*, const hab_config*, void**,
                     hab_error*) { return hab_status{HAB_STATUS_OK}; },
        .destroy = [](void*) {},
        .api = &api};
    static const hab_plugin_desc* const items[] = {&desc};
    static const hab_plugin_table table = {sizeof(hab_plugin_table), 0, 1, items};
    Registry registry({}, no_services());
    registry.add_static(table);
    registry.exporter("linked").run(request("a/b"));
}

}  // namespace
}  // namespace hab::plugin::test
