// SPDX-License-Identifier: Apache-2.0
// The metadata that the macros emit, read back by the host's parser.
#include <gmock/gmock.h>
#include <hab/metadata.hpp>

#include "plugin/metadata.hpp"

namespace hab::sdk::test {
namespace {

constexpr std::array options = {
    Option{.name = "level",
           .type = HAB_OPTION_INT,
           .flags = HAB_OPTION_REQUIRED | HAB_OPTION_HIDDEN,
           .value_name = "N",
           .help = "How = hard",
           .env = "LEVEL",
           .default_value = "3",
           .choices = {"1", "3"}},
    Option{.name = "tag", .type = HAB_OPTION_LIST, .flags = HAB_OPTION_PER_RUN},
};
constexpr PluginInfo info{.id = "x-1",
                          .version = "1.2.3",
                          .summary = "Does x",
                          .vendor = "V",
                          .licence = "MIT",
                          .url = "https://x/",
                          .thread_model = HAB_THREADS_FREE,
                          .flags = HAB_PLUGIN_NEEDS_ROOT | HAB_PLUGIN_LONG_RUNNING,
                          .min_host_minor = 12};
constexpr auto text = detail::metadata<detail::metadata_size(HAB_KIND_STUDIO, info, options)>(
    HAB_KIND_STUDIO, info, options);

TEST(Metadata, IsReadBackAsItWasDeclared) {
    const auto plugins = plugin::parse_metadata({text.data(), text.size()});
    ASSERT_EQ(plugins.size(), 1u);
    const auto& meta = plugins[0];
    EXPECT_EQ(meta.label(), "studio x-1");
    EXPECT_EQ(meta.abi_major, HAB_ABI_MAJOR);
    EXPECT_EQ(meta.abi_minor, HAB_ABI_MINOR);
    EXPECT_EQ(meta.version + meta.summary + meta.vendor + meta.licence + meta.url,
              "1.2.3Does xVMIThttps://x/");
    EXPECT_EQ(meta.thread_model, plugin::ThreadModel::free);
    EXPECT_EQ(meta.flags, HAB_PLUGIN_NEEDS_ROOT | HAB_PLUGIN_LONG_RUNNING);
    EXPECT_EQ(meta.min_host_minor, 12u);
    ASSERT_EQ(meta.options.size(), 2u);
    plugin::OptionMeta level;
    level.name = "level";
    level.type = plugin::OptionType::integer;
    level.required = level.hidden = true;
    level.value_name = "N";
    level.help = "How = hard";
    level.env = "LEVEL";
    level.default_value = "3";
    level.choices = {"1", "3"};
    EXPECT_EQ(meta.options[0], level);
    EXPECT_TRUE(meta.options[1].per_run);
    EXPECT_EQ(meta.options[1].type, plugin::OptionType::list);
}

TEST(Metadata, EveryOptionTypeHasAWordThatTheHostKnows) {
    for (std::uint32_t type = HAB_OPTION_STRING; type <= HAB_OPTION_LIST; ++type) {
        EXPECT_EQ(detail::type_word(type), to_string(static_cast<plugin::OptionType>(type)));
    }
}

TEST(Metadata, Names) {
    EXPECT_TRUE(detail::valid_id("a-0"));
    for (const auto* bad : {"", "-a", "A", "a_b", "a123456789012345678901234567890123"}) {
        EXPECT_FALSE(detail::valid_id(bad)) << bad;
    }
}

}  // namespace
}  // namespace hab::sdk::test
