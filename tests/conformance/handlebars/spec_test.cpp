// SPDX-License-Identifier: Apache-2.0
// The cases of handlebars.js's own tests (jbboehr/handlebars-spec) that need no JavaScript. They
// are not part of this project: the directory is named by HAB_SPEC_DIR or lies in
// ../shared/data/spec.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "unit/handlebars/driver.hpp"

namespace handlebars_test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path spec_directory() {
    if (const char* given = std::getenv("HAB_SPEC_DIR")) return fs::path(given) / "handlebars";
    const char* source = std::getenv("HAB_TEST_SOURCE_DIR");
    return fs::path(source == nullptr ? "." : source) / "../shared/data/spec/handlebars";
}

/// The suite was made with HTML escaping; this engine never escapes.
std::string unescape_html(std::string text) {
    const std::pair<const char*, const char*> entities[] = {
        {"&lt;", "<"},   {"&gt;", ">"},   {"&quot;", "\""}, {"&#x27;", "'"},
        {"&#x60;", "`"}, {"&#x3D;", "="}, {"&amp;", "&"}};
    for (const auto& [entity, character] : entities) {
        for (std::size_t at = 0; (at = text.find(entity, at)) != text.npos; ++at) {
            text.replace(at, std::string_view(entity).size(), character);
        }
    }
    return text;
}

/// Whether a case can be stated without JavaScript.
bool is_usable(const json::object& spec) {
    for (const char* key :
         {"helpers", "exception", "message", "compileOptions", "runtimeOptions", "decorators"}) {
        if (!spec.contains(key)) continue;
        // Many cases carry a remark in "message"; it only matters with "exception".
        if (std::string_view(key) != "message") return false;
    }
    if (!spec.contains("expected") || !spec.at("template").is_string()) return false;
    return json::serialize(spec).find("\"!code\"") == std::string::npos;
}

std::string outcome(const json::object& spec) {
    Driver driver("modern");
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
    const fs::path file = spec_directory() / (std::string(GetParam()) + ".json");
    if (!fs::exists(file)) {
        GTEST_SKIP() << "the specification is not here: set HAB_SPEC_DIR (looked for " << file
                     << ")";
    }
    std::ifstream stream(file);
    const json::value cases = json::parse(std::string(std::istreambuf_iterator<char>(stream), {}));
    int used = 0;
    for (std::size_t i = 0; i < cases.as_array().size(); ++i) {
        const json::object& spec = cases.as_array()[i].as_object();
        if (!is_usable(spec)) continue;
        ++used;
        const std::string name = std::string(GetParam()) + "/" + std::to_string(i);
        const std::string expected = unescape_html(std::string(spec.at("expected").as_string()));
        const std::string got = outcome(spec);
        const bool differs = known_differences().contains(name);
        EXPECT_EQ(got == expected, !differs)
            << name << " " << spec.at("it") << "\ntemplate: " << spec.at("template")
            << "\ndata: " << (spec.contains("data") ? spec.at("data") : json::value(nullptr))
            << "\nexpected: " << expected << "\ngot:      " << got;
    }
    EXPECT_GT(used, 0);
}

INSTANTIATE_TEST_SUITE_P(Files, Spec,
                         testing::Values("basic", "blocks", "builtins", "data", "partials",
                                         "regressions", "whitespace-control"),
                         [](const auto& file) {
                             std::string name = file.param;
                             for (char& c : name)
                                 c = c == '-' ? '_' : c;
                             return name;
                         });

}  // namespace
}  // namespace handlebars_test
