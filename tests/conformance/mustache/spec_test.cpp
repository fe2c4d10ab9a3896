// SPDX-License-Identifier: Apache-2.0
// The Mustache specification (mustache/spec), by the engine `mustache` and, where its cases need no
// more than both languages have, by `handlebars`.
#include <map>

#include "conformance/spec.hpp"
#include "unit/handlebars/driver.hpp"

namespace handlebars_test {
namespace {

namespace json = boost::json;

/// The cases that do not hold, by file and name, each with its reason.
const std::multimap<std::string, std::string>& known_misses() {
    static const std::multimap<std::string, std::string> known = {
#include "known_misses.inc"
    };
    return known;
}

bool is_known(const std::string& file, const std::string& name) {
    const auto [begin, end] = known_misses().equal_range(file);
    for (auto at = begin; at != end; ++at) {
        if (at->second == name) return true;
    }
    return false;
}

std::string outcome(const json::object& spec) {
    Driver driver("modern");
    if (!driver.load(json::serialize(spec.at("data")))) return "load: " + driver.failure().message;
    if (spec.contains("partials")) {
        for (const auto& partial : spec.at("partials").as_object()) {
            if (!driver.compile(partial.key(), partial.value().as_string())) {
                return "partial: " + driver.failure().message;
            }
        }
    }
    if (!driver.compile("t", spec.at("template").as_string())) {
        return "compile: " + driver.failure().message;
    }
    return driver.render("t").value_or("render: " + driver.failure().message);
}

struct Suite {
    const char* file;
    int held;  ///< cases that hold
};

class MustacheSpec : public testing::TestWithParam<Suite> {};

TEST_P(MustacheSpec, HoldsButForTheKnownMisses) {
    const auto file = conformance::spec_file("mustache", GetParam().file);
    SPEC_REQUIRE(file);
    const json::value spec = conformance::read_spec(file);
    int held = 0;
    for (const json::value& each : spec.at("tests").as_array()) {
        const json::object& one = each.as_object();
        const std::string name(one.at("name").as_string());
        const std::string expected =
            conformance::unescape_html(std::string(one.at("expected").as_string()));
        const std::string got = outcome(one);
        if (got == expected) ++held;
        EXPECT_EQ(got == expected, !is_known(GetParam().file, name))
            << "{\"" << GetParam().file << "\", \"" << name << "\"},\n"
            << one.at("template") << "\nexpected: " << expected << "\ngot:      " << got;
    }
    EXPECT_EQ(held, GetParam().held) << "of " << spec.at("tests").as_array().size();
}

constexpr Suite suites[] = {
#include "suites.inc"
};

INSTANTIATE_TEST_SUITE_P(Files, MustacheSpec, testing::ValuesIn(suites), [](const auto& suite) {
    std::string name = suite.param.file;
    for (char& c : name)
        c = c == '-' || c == '~' ? '_' : c;
    return name;
});

}  // namespace
}  // namespace handlebars_test
