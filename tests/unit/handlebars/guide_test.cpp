// SPDX-License-Identifier: Apache-2.0
// Every example of docs/guide/templates.md renders to what stands beside it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "driver.hpp"
#include "helpers.hpp"

namespace handlebars_test {
namespace {

struct Example {
    int line = 0;
    std::string mode = "modern";
    std::string text;
    std::string expected;
};

struct Guide {
    std::string data;
    std::vector<Example> examples;
};

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

/// The cells of a table row "| `a` | `b` |"; a bar inside of a cell is written "\|".
std::vector<std::string> cells_of(const std::string& row) {
    std::vector<std::string> cells;
    std::string cell;
    for (std::size_t i = 1; i < row.size(); ++i) {
        if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
            cell += row[++i];
        } else if (row[i] == '|') {
            const auto open = cell.find('`');
            const auto close = cell.rfind('`');
            cells.push_back(open == cell.npos ? cell : cell.substr(open + 1, close - open - 1));
            cell.clear();
        } else {
            cell += row[i];
        }
    }
    for (std::string& each : cells)
        each = replace_all(each, "⏎", "\n");
    return cells;
}

/// Lines up to the closing fence.
std::string read_fence(std::istream& stream, int& number) {
    std::string text;
    std::string line;
    while (std::getline(stream, line)) {
        ++number;
        if (line == "```") break;
        text += line + "\n";
    }
    return text;
}

Guide read_guide() {
    const char* source = std::getenv("HAB_TEST_SOURCE_DIR");
    std::ifstream stream(std::string(source == nullptr ? "." : source) +
                         "/docs/guide/templates.md");
    Guide guide;
    bool is_table = false;
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        if (line == "```json") {
            guide.data = read_fence(stream, number);
        } else if (line.starts_with("```handlebars")) {
            Example example;
            example.line = number;
            if (line == "```handlebars classic") example.mode = "classic";
            example.text = read_fence(stream, number);
            guide.examples.push_back(example);
        } else if (line == "```text") {
            guide.examples.back().expected = read_fence(stream, number);
        } else if (line == "| example | renders |") {
            is_table = true;
        } else if (!line.starts_with("|")) {
            is_table = false;
        } else if (is_table && !line.starts_with("|---")) {
            const auto cells = cells_of(line);
            if (cells.size() == 2) guide.examples.push_back({number, "modern", cells[0], cells[1]});
        }
    }
    return guide;
}

TEST(Guide, ExamplesRenderAsShown) {
    const Guide guide = read_guide();
    ASSERT_GT(guide.examples.size(), 35u);
    for (const Example& example : guide.examples) {
        SCOPED_TRACE("docs/guide/templates.md:" + std::to_string(example.line));
        Driver driver(example.mode);
        ASSERT_TRUE(driver.load(guide.data)) << driver.failure().message;
        EXPECT_TRUE(driver.compile("t", example.text)) << driver.failure().message;
        if (driver.failure().status != HAB_STATUS_OK) continue;
        EXPECT_EQ(driver.render("t"), example.expected) << driver.failure().message;
    }
}

TEST(Guide, ShowsEveryHelper) {
    std::set<std::string> shown;
    for (const Example& example : read_guide().examples) {
        Driver driver("modern");
        if (!driver.compile("t", example.text)) continue;
        for (const std::string& line :
             driver.references("t").value_or(std::vector<std::string>{})) {
            const auto at = line.find(" helper ");
            if (at != line.npos) shown.insert(line.substr(at + 8));
        }
    }
    for (const auto room : {handlebars::comparison_helpers(), handlebars::text_helpers(),
                            handlebars::data_helpers()}) {
        for (const handlebars::Helper& helper : room) {
            if (!helper.in_modern) continue;
            EXPECT_TRUE(shown.contains(std::string(helper.name))) << helper.name;
        }
    }
}

}  // namespace
}  // namespace handlebars_test
