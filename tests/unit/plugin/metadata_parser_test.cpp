// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "fixtures.hpp"
#include "plugin/metadata.hpp"

namespace hab::plugin::test {
namespace {

using namespace std::string_literals;

std::string lines(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        text += part;
        text += '\0';
    }
    return text;
}

const std::string minimal = lines({"abi=1.0", "kind=exporter", "id=x", "version=1"});

TEST(MetadataParser, ReadsEveryKey) {
    const auto text = lines({"abi=1.0",
                             "kind=studio",
                             "id=chroot",
                             "version=0.2",
                             "summary=A = B",
                             "vendor=V",
                             "licence=MIT",
                             "url=https://x/",
                             "threads=free",
                             "flags=needs-root,later-word",
                             "min_host_minor=0",
                             "unknown=skipped",
                             "option=size",
                             "option.type=size",
                             "option.flags=required,per-run",
                             "option.value=BYTES",
                             "option.help=How big",
                             "option.env=SIZE",
                             "option.default=1M",
                             "option.choice=1M",
                             "option.choice=2M",
                             "option.later=skipped"});
    const auto plugins = parse_metadata(text);
    ASSERT_EQ(plugins.size(), 1u);
    const auto& meta = plugins[0];
    EXPECT_EQ(meta.label(), "studio chroot");
    EXPECT_EQ(meta.summary, "A = B");
    EXPECT_EQ(meta.thread_model, ThreadModel::free);
    EXPECT_EQ(meta.flags, 1u);
    ASSERT_EQ(meta.options.size(), 1u);
    EXPECT_EQ(meta.options[0], (OptionMeta{.name = "size",
                                           .type = OptionType::size,
                                           .required = true,
                                           .per_run = true,
                                           .value_name = "BYTES",
                                           .help = "How big",
                                           .env = "SIZE",
                                           .default_value = "1M",
                                           .choices = {"1M", "2M"}}));
}

TEST(MetadataParser, SeveralGroupsWithPaddingBetween) {
    const auto plugins = parse_metadata(minimal + "\0\0\0"s +
                                        lines({"abi=1.0", "kind=topology", "id=y", "version=2"}));
    ASSERT_EQ(plugins.size(), 2u);
    EXPECT_EQ(plugins[1].label(), "topology y");
}

TEST(MetadataParser, OtherMajorIsReturnedWithWhatIsKnown) {
    const auto plugins =
        parse_metadata(lines({"abi=2.1", "kind=exporter", "id=oci", "version=9", "option=A?B"}));
    ASSERT_EQ(plugins.size(), 1u);
    EXPECT_EQ(plugins[0].abi_major, 2u);
    EXPECT_EQ(plugins[0].id, "oci");
}

TEST(MetadataParser, LaterMinorMayHaveNewOptionTypes) {
    const auto later =
        lines({"abi=1.9", "kind=exporter", "id=x", "version=1", "option=o", "option.type=colour"});
    EXPECT_EQ(parse_metadata(later)[0].options[0].type, OptionType::string);
}

struct Bad {
    std::string text;
    const char* why;
};

class MalformedMetadata : public ::testing::TestWithParam<Bad> {};

TEST_P(MalformedMetadata, IsRefusedWithASentence) {
    const auto error = error_of([&] { (void)parse_metadata(GetParam().text); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_EQ(error.message(), "its plugin metadata is malformed: "s + GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedMetadata,
    ::testing::Values(
        Bad{"", "it is empty"}, Bad{"\0\0"s, "it is empty"},
        Bad{lines({"kind=exporter"}), "it does not start with abi="},
        Bad{"abi=1.0", "its last line does not end"},
        Bad{lines({"abi=1"}), "abi= is not MAJOR.MINOR"},
        Bad{lines({"abi=x.0"}), "abi= is not a small number"},
        Bad{lines({"abi=1.0"}), "a plugin has no kind="},
        Bad{lines({"abi=1.0", "kind=toaster"}), "kind 'toaster' is unknown"},
        Bad{lines({"abi=1.0", "kind=studio", "id=UP", "version=1"}), "a plugin has no valid id="},
        Bad{lines({"abi=1.0", "kind=studio", "id=x"}), "plugin x has no version="},
        Bad{minimal + lines({"nonsense"}), "'nonsense' is not a pair"},
        Bad{minimal + lines({"summary=\x1b[31mred"}), "it contains unprintable characters"},
        Bad{minimal + lines({"summary=\xff"}), "it contains unprintable characters"},
        Bad{minimal + lines({"option.type=int"}), "option.type comes before option="},
        Bad{minimal + lines({"option=-x"}), "'-x' cannot be an option's name"},
        Bad{minimal + lines({"option=a", "option=a"}), "option a occurs twice"},
        Bad{minimal + lines({"option=a", "option.type=colour"}),
            "option a has unknown type 'colour'"}));

TEST(MetadataParser, TooManyPluginsOrOptions) {
    std::string many;
    for (int i = 0; i < 65; ++i)
        many += minimal;
    EXPECT_THAT(error_of([&] { (void)parse_metadata(many); }).message(),
                ::testing::HasSubstr("too many plugins"));
    std::string options = minimal;
    for (int i = 0; i < 257; ++i)
        options += "option=o" + std::to_string(i) + '\0';
    EXPECT_THAT(error_of([&] { (void)parse_metadata(options); }).message(),
                ::testing::HasSubstr("too many options"));
}

}  // namespace
}  // namespace hab::plugin::test
