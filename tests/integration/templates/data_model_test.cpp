// SPDX-License-Identifier: Apache-2.0
// From TOML through the data of a template to text, without a digit lost.
#include "base/json.hpp"
#include "config/toml.hpp"
#include "template_fixture.hpp"

namespace hab::config {
namespace {

class DataModel : public TemplateTest {
protected:
    /// Text of one template with this TOML as cfg.
    std::string text(const std::string& given, const std::string& toml) {
        write("t.conf", given);
        Renderer renderer = make_renderer();
        renderer.add_tree(source, target, {});
        Object root;
        root.set("cfg", parse_toml(toml, "default.toml"));
        renderer.set_data(Value(std::move(root)));
        return renderer.render("t.conf");
    }
};

TEST_F(DataModel, NumbersPrintAsTheyWereWritten) {
    const std::string toml =
        "big = 9223372036854775807\nsmall = -9223372036854775808\nodd = 9007199254740993\n"
        "one = 1.0\ntenth = 0.1\nwhole = 1\nzero = -0.0\n";
    EXPECT_EQ(
        text("{{cfg.big}} {{cfg.small}} {{cfg.odd}} {{cfg.one}} {{cfg.tenth}} {{cfg.whole}}", toml),
        "9223372036854775807 -9223372036854775808 9007199254740993 1.0 0.1 1");
    const Value again = parse_toml(text("{{toToml cfg}}", toml), "t");
    EXPECT_EQ(to_json(again), to_json(parse_toml(toml, "t")));
    EXPECT_TRUE(parse_json(text("{{toJson cfg}}", toml), "t") == parse_toml(toml, "t"));
}

TEST_F(DataModel, KeysKeepTheirOrder) {
    const std::string toml = "zeta = 1\nalpha = 2\n[last]\nz = 1\na = 2\n[first]\n";
    EXPECT_EQ(text("{{#each cfg}}{{@key}} {{/each}}{{#each cfg.last}}{{@key}}{{/each}}", toml),
              "zeta alpha last first za");
    EXPECT_EQ(text("{{toJson cfg.last}}", toml), "{\n  \"z\": 1,\n  \"a\": 2\n}");
    EXPECT_EQ(text("{{toYaml cfg.last}}", toml), "z: 1\na: 2\n");
}

TEST_F(DataModel, TheSameDataGivesTheSameBytes) {
    const std::string toml =
        "list = [1, \"a\", {k = true}]\nwhen = 2016-05-27\n[t]\nq = \"a\\\"b\\n\"\n[[u]]\nx = 1\n";
    const std::string all = "{{toToml cfg}}---\n{{toJson cfg}}\n---\n{{toYaml cfg}}";
    const std::string once = text(all, toml);
    EXPECT_EQ(text(all, toml), once);
    const std::string as_toml = once.substr(0, once.find("---\n"));
    EXPECT_EQ(to_json(parse_toml(as_toml, "t")), to_json(parse_toml(toml, "t")));
}

}  // namespace
}  // namespace hab::config
