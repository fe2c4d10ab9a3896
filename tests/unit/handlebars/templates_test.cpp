// SPDX-License-Identifier: Apache-2.0
// Whole templates in the manner of real packages (templates/*.case), in both modes. Each file holds
// the data that is added to base.json, the template, and what it renders to.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "driver.hpp"

namespace handlebars_test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path directory() {
    const char* source = std::getenv("HAB_TEST_SOURCE_DIR");
    return fs::path(source == nullptr ? "." : source) / "tests/unit/handlebars/templates";
}

std::string read(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Parts by name. A part begins with "=== name"; "=== name, no final newline" takes its last one
/// away.
std::map<std::string, std::string> parts_of(const std::string& text) {
    std::map<std::string, std::string> parts;
    std::string name;
    bool cuts = false;
    const auto finish = [&] {
        if (cuts && !parts[name].empty()) parts[name].pop_back();
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        std::string line = text.substr(at, end - at);
        at = end;
        if (line.starts_with("=== ")) {
            finish();
            line = line.substr(4, line.size() - 5);
            const auto comma = line.find(',');
            cuts = comma != line.npos;
            name = line.substr(0, comma);
            parts[name];
        } else {
            parts[name] += line;
        }
    }
    finish();
    return parts;
}

TEST(Templates, RenderAsTheirAuthorsMeant) {
    const json::object base = json::parse(read(directory() / "base.json")).as_object();
    int count = 0;
    for (const auto& entry : fs::directory_iterator(directory())) {
        if (entry.path().extension() != ".case") continue;
        ++count;
        auto parts = parts_of(read(entry.path()));
        ASSERT_EQ(parts.count("both") + parts.count("modern"), 1u) << entry.path();
        json::object data = base;
        const json::value own = json::parse(parts.at("data"));
        for (const auto& member : own.as_object())
            data[member.key()] = member.value();
        for (const std::string mode : {"modern", "classic"}) {
            SCOPED_TRACE(entry.path().filename().string() + ", " + mode);
            Driver driver(mode);
            ASSERT_TRUE(driver.load(json::serialize(data)));
            ASSERT_TRUE(driver.compile("t", parts.at("template"))) << driver.failure().message;
            const auto& expected = parts.count("both") != 0 ? parts.at("both") : parts.at(mode);
            EXPECT_EQ(driver.render("t"), expected) << driver.failure().message;
        }
    }
    EXPECT_GE(count, 40);
}

}  // namespace
}  // namespace handlebars_test
