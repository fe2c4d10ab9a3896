// SPDX-License-Identifier: Apache-2.0
// What the macros make of a class, called as a host would call it. This program is itself a plugin
// library.
#include <gmock/gmock.h>
#include <hab/exporter.hpp>
#include <hab/topology.hpp>

#include "fake_host.hpp"
#include "layout.h"
#include "numbers.h"

namespace hab::sdk::test {

class Picky {
public:
    static constexpr auto options =
        std::array{Option{.name = "level", .type = HAB_OPTION_INT}, Option{.name = "names"}};

    Picky(Host host, const Options& values) : host_(host) {
        level = values.number("level").value_or(0);
        if (level == 13) raise(HAB_STATUS_USAGE, "13 is unlucky", "take 12");
        names = values.list("names");
    }
    ~Picky() { host_.log(HAB_LOG_INFO, "gone", "picky"); }
    Picky(const Picky&) = delete;  // instances need not be movable
    Picky& operator=(const Picky&) = delete;

    void run(const ExportRequest& request) {
        host_.check_cancelled();
        if (request.overwrite) throw std::bad_alloc();
        if (request.source_epoch == 1) throw std::runtime_error("std text");
        if (request.source_epoch == 2) throw 'c';
        if (request.source_epoch == 3) throw Error(HAB_STATUS_USAGE, "syntax").at("f", 4, 5);
        host_.info(request.idents.at(0) + request.option_values.at(0).value + request.output_dir +
                   std::string(request.work_dir) + request.options().text("names") +
                   std::to_string(level) + names.at(1));
    }

    std::int64_t level = 0;
    std::vector<std::string> names;

private:
    Host host_;
};
HAB_EXPORTER(Picky, "picky", "0.0.1", "Checks everything");

class Still {
public:
    void step(const TopologyInput&, TopologyOutput& out) { out.act(HAB_ACTION_STOP, "still"); }
};
HAB_TOPOLOGY(Still, "still", "0.0.2", "Stops");

namespace {

const hab_plugin_desc* find(const char* id) {
    const auto* table = hab_plugin_entry_v1();
    for (std::uint32_t i = 0; i < table->count; ++i) {
        if (std::string_view(table->items[i]->id) == id) return table->items[i];
    }
    return nullptr;
}

TEST(Entry, FindsEveryPluginOfTheLibrary) {
    const auto* table = hab_plugin_entry_v1();
    EXPECT_EQ(table->struct_size, sizeof(hab_plugin_table));
    EXPECT_EQ(table->count, 2u);
    EXPECT_EQ(table, hab_plugin_entry_v1());
    const auto* picky = find("picky");
    ASSERT_NE(picky, nullptr);
    EXPECT_EQ(picky->kind, HAB_KIND_EXPORTER);
    EXPECT_STREQ(picky->options[0]->name, "level");
    EXPECT_STREQ(picky->options[1]->name, "names");
    EXPECT_EQ(picky->options[2], nullptr);
    const auto* still = find("still");
    ASSERT_NE(still, nullptr);
    EXPECT_EQ(still->options[0], nullptr);
}

/// Instances of Picky, made through its descriptor.
class PickyTest : public ::testing::Test {
protected:
    hab_status create(const char* level) {
        const hab_kv items[] = {{to_abi("level"), to_abi(level)}, {to_abi("names"), to_abi("a,b")}};
        const hab_config config{sizeof(hab_config), 2, items};
        return find("picky")->create(host.abi(), &config, &self, &error);
    }
    hab_status run(std::uint64_t epoch, std::uint32_t flags = 0) {
        const hab_str ident = to_abi("core/x ");
        const hab_kv option = {to_abi("names"), to_abi("per-run ")};
        const hab_export_request request{.struct_size = sizeof(hab_export_request),
                                         .flags = flags,
                                         .idents = &ident,
                                         .ident_count = 1,
                                         .options = &option,
                                         .option_count = 1,
                                         .output_dir = to_abi("/out "),
                                         .work_dir = to_abi("/work "),
                                         .source_epoch = epoch};
        error = {};
        return static_cast<const hab_exporter_api*>(find("picky")->api)
            ->run(self, &request, &error);
    }

    FakeHost host;
    void* self = nullptr;
    hab_error error;
};

TEST_F(PickyTest, LifeOfAnInstance) {
    ASSERT_EQ(create("7"), HAB_STATUS_OK);
    EXPECT_EQ(run(0), HAB_STATUS_OK) << error.message;
    find("picky")->destroy(self);
    EXPECT_THAT(host.log,
                ::testing::ElementsAre("|core/x per-run /out /work per-run 7b", "picky|gone"));
}

TEST_F(PickyTest, CreateFailsWithTextAndHint) {
    EXPECT_EQ(create("13"), HAB_STATUS_USAGE);
    EXPECT_EQ(error.message, "13 is unlucky");
    EXPECT_EQ(error.hint, "take 12");
    EXPECT_EQ(self, nullptr);
    EXPECT_EQ(create("x"), HAB_STATUS_USAGE);
    EXPECT_EQ(error.message, "option --level is not a number: 'x'");
}

TEST_F(PickyTest, NothingCrossesTheEdge) {
    ASSERT_EQ(create("7"), HAB_STATUS_OK);
    EXPECT_EQ(run(0, HAB_EXPORT_OVERWRITE), HAB_STATUS_FAILED);
    EXPECT_EQ(error.message, "out of memory");
    EXPECT_EQ(run(1), HAB_STATUS_BUG);
    EXPECT_EQ(error.message, "std text");
    EXPECT_EQ(run(2), HAB_STATUS_BUG);
    EXPECT_EQ(error.message, "an exception of unknown type");
    EXPECT_EQ(run(3), HAB_STATUS_USAGE);
    EXPECT_EQ(error.where, "f:4:5");
    host.cancelled = 1;
    EXPECT_EQ(run(0), HAB_STATUS_CANCELLED);
    find("picky")->destroy(self);
}

TEST_F(PickyTest, OptionalFunctionsAreAbsent) {
    const auto* api = static_cast<const hab_exporter_api*>(find("picky")->api);
    EXPECT_EQ(api->plan, nullptr);
    EXPECT_EQ(api->verify, nullptr);
    EXPECT_TRUE(offers(api, &hab_exporter_api::run));
    EXPECT_FALSE(offers(api, &hab_exporter_api::plan));
    auto older = *api;
    older.struct_size = offsetof(hab_exporter_api, run);
    EXPECT_FALSE(offers(&older, &hab_exporter_api::run));
}

TEST(StillTopology, RefusedDecisionsFailTheStep) {
    FakeHost host;
    const hab_config config{sizeof(hab_config), 0, nullptr};
    void* self = nullptr;
    hab_error error;
    ASSERT_EQ(find("still")->create(host.abi(), &config, &self, &error), HAB_STATUS_OK);
    hab_topology_output output{};
    output.struct_size = sizeof output;
    output.act = [](void*, std::uint32_t, hab_str) -> hab_status { return HAB_STATUS_FAILED; };
    const hab_topology_input input{};
    const auto* api = static_cast<const hab_topology_api*>(find("still")->api);
    EXPECT_EQ(api->step(self, &input, &output, &error), HAB_STATUS_FAILED);
    EXPECT_EQ(error.message, "the supervisor refused a topology's decision");
    EXPECT_EQ(api->min_members(self), 1u);
    find("still")->destroy(self);
}

TEST(JsonString, Escapes) {
    EXPECT_EQ(detail::json_string("a\"\\\n\x01ä"), R"("a\"\\\u000a\u0001ä")");
}

TEST(OptionsView, Lookups) {
    const hab_kv items[] = {{to_abi("a"), to_abi("1")},
                            {to_abi("a"), to_abi("2")},
                            {to_abi("on"), to_abi("true")},
                            {to_abi("off"), to_abi("false")},
                            {to_abi("l"), to_abi("x,y")}};
    const Options options(items, 5);
    EXPECT_EQ(options.text("a"), "2");  // the last one counts
    EXPECT_THAT(options.all("a"), ::testing::ElementsAre("1", "2"));
    EXPECT_TRUE(options.flag("on"));
    EXPECT_FALSE(options.flag("off"));
    EXPECT_FALSE(options.flag("missing"));
    EXPECT_EQ(options.find("missing"), std::nullopt);
    EXPECT_EQ(options.number("missing"), std::nullopt);
    EXPECT_THAT(options.list("l"), ::testing::ElementsAre("x", "y"));
    EXPECT_THAT(options.all("l"), ::testing::ElementsAre("x,y"));
}

}  // namespace
}  // namespace hab::sdk::test
