// SPDX-License-Identifier: Apache-2.0
// The cases of handlebars.js's own tests (jbboehr/handlebars-spec) that need no JavaScript.
#include <set>

#include "conformance/spec.hpp"
#include "unit/handlebars/driver.hpp"

namespace handlebars_test {
namespace {

namespace json = boost::json;

/// Options of the compiler that this engine has: none, and strict.
bool is_strict(const json::object& spec) {
    if (!spec.contains("compileOptions")) return false;
    const json::value& options = spec.at("compileOptions");
    return options.is_object() && options.as_object().contains("strict");
}

/// Whether a case can be stated without JavaScript.
bool is_usable(const json::object& spec) {
    const bool strict = is_strict(spec);
    for (const char* key : {"helpers", "runtimeOptions", "decorators", "options"}) {
        if (spec.contains(key)) return false;
    }
    if (spec.contains("compileOptions") && !strict) return false;
    // Many cases carry a remark in "message"; it only matters with "exception".
    if (spec.contains("exception") && !strict) return false;
    const bool has_outcome = spec.contains("expected") || strict;
    if (!has_outcome || !spec.at("template").is_string()) return false;
    return json::serialize(spec).find("\"!code\"") == std::string::npos;
}

/// The text, or "<step>: <message>" if the engine refuses.
std::string outcome(const json::object& spec) {
    Driver driver("modern", {{"strict", is_strict(spec) ? "true" : "false"}});
    const json::value data = spec.contains("data") ? spec.at("data") : json::value(nullptr);
    if (!driver.load(json::serialize(data))) return "load: " + driver.failure().message;
    if (spec.contains("partials") && spec.at("partials").is_object()) {
        for (const auto& partial : spec.at("partials").as_object()) {
            if (!partial.value().is_string()) return "a partial is no text";
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

/// Whether a case comes out as the suite wants it.
bool holds(const json::object& spec, const std::string& got) {
    if (spec.contains("expected")) {
        return got == conformance::unescape_html(std::string(spec.at("expected").as_string()));
    }
    return got.starts_with("render: ") || got.starts_with("compile: ");
}

class Spec : public testing::TestWithParam<const char*> {};

/// "file/number" of the cases whose outcome differs, each with its reason in
/// docs/compatibility/templates.md.
const std::set<std::string>& known_differences() {
    static const std::set<std::string> known = {
#include "known_differences.inc"
    };
    return known;
}

TEST_P(Spec, HoldsButForTheKnownDifferences) {
    const auto file = conformance::spec_file("handlebars", GetParam());
    SPEC_REQUIRE(file);
    const json::value cases = conformance::read_spec(file);
    int used = 0;
    for (std::size_t i = 0; i < cases.as_array().size(); ++i) {
        const json::object& spec = cases.as_array()[i].as_object();
        if (!is_usable(spec)) continue;
        ++used;
        const std::string name = std::string(GetParam()) + "/" + std::to_string(i);
        const std::string got = outcome(spec);
        const bool differs = known_differences().contains(name);
        EXPECT_EQ(holds(spec, got), !differs) << name << "\n"
                                              << json::serialize(spec) << "\ngot: " << got;
    }
    EXPECT_GT(used, 0);
}

INSTANTIATE_TEST_SUITE_P(Files, Spec,
                         testing::Values("basic", "blocks", "builtins", "data", "partials",
                                         "regressions", "strict", "whitespace-control"),
                         [](const auto& file) {
                             std::string name = file.param;
                             for (char& c : name)
                                 c = c == '-' ? '_' : c;
                             return name;
                         });

}  // namespace
}  // namespace handlebars_test
