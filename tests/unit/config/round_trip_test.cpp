// SPDX-License-Identifier: Apache-2.0
// Random data comes back the same from every format that it is written to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "base/json.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

constexpr int rounds = 2000;

class Maker {
public:
    explicit Maker(unsigned seed) : random_(seed) {}

    Value table(int depth) {
        Object out;
        const int members = below(6);
        for (int i = 0; i < members; ++i)
            out.set(text(), value(depth - 1));
        return out;
    }

private:
    Value value(int depth) {
        switch (below(depth > 0 ? 9 : 6)) {
            case 0:
                return integer();
            case 1:
                return real();
            case 2:
                return below(2) == 0;
            case 3:
            case 4:
            case 5:
                return text();
            case 6:
                return array(depth);
            default:
                return table(depth);
        }
    }

    Value array(int depth) {
        Array out;
        const int items = below(5);
        const bool tables = below(3) == 0;  // these become [[sections]]
        for (int i = 0; i < items; ++i)
            out.push_back(tables ? table(depth - 1) : value(depth - 1));
        return out;
    }

    Value integer() {
        using Limits = std::numeric_limits<std::int64_t>;
        switch (below(4)) {
            case 0:
                return Limits::min();
            case 1:
                return Limits::max();
            case 2:
                return std::int64_t{9007199254740993};
            default:
                return static_cast<std::int64_t>(random_());
        }
    }

    Value real() {
        constexpr double all[] = {0.0,   -0.0, 1.0, 0.1, 1e21, -1e-300, 1.7976931348623157e308,
                                  5e-324};
        if (below(2) == 0) return all[below(8)];
        std::uniform_real_distribution<double> any(-1e6, 1e6);
        return any(random_);
    }

    std::string text() {
        static const std::vector<std::string> parts = {
            "a",    "key",  "-", "_", ".", " ", "\"", "'", "\\", "\n",    "\r", "\t",
            "\x01", "\x7f", "é", "€", "𝄞", "#", "=",  "[", "]",  "{{x}}", "0",  "null"};
        std::string out;
        const int count = below(4);
        for (int i = 0; i < count; ++i)
            out += parts[static_cast<std::size_t>(below(static_cast<int>(parts.size())))];
        return out;
    }

    int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

    std::mt19937_64 random_;
};

/// TOML needs plain values before tables, so only the order within each kind can be kept.
Value sorted(const Value& value) {
    if (const Array* array = value.as_array()) {
        Array out;
        for (const Value& item : *array)
            out.push_back(sorted(item));
        return out;
    }
    const Object* table = value.as_object();
    if (table == nullptr) return value;
    std::vector<std::string> names;
    for (const auto& entry : *table)
        names.push_back(entry.first);
    std::sort(names.begin(), names.end());
    Object out;
    for (const std::string& name : names)
        out.set(name, sorted(*table->find(name)));
    return out;
}

TEST(RoundTrip, JsonKeepsEveryValueAndTheOrder) {
    Maker make(1);
    for (int i = 0; i < rounds; ++i) {
        const Value value = make.table(4);
        const std::string text = to_json(value);
        const Value again = parse_json(text, "t");
        ASSERT_TRUE(again == value) << text;
        ASSERT_EQ(to_json(again), text);
        ASSERT_TRUE(parse_json(to_json(value, true), "t") == value) << text;
    }
}

TEST(RoundTrip, TomlKeepsEveryValue) {
    Maker make(2);
    for (int i = 0; i < rounds; ++i) {
        const Value value = make.table(4);
        const std::string text = to_toml(value);
        const Value again = parse_toml(text, "t");
        ASSERT_TRUE(sorted(again) == sorted(value)) << text << "\n" << to_json(value);
        ASSERT_EQ(to_toml(again), text) << "not the same bytes the second time";
    }
}

TEST(RoundTrip, TomlToJsonAndBackKeepsKindsAndDigits) {
    const Value value = parse_toml(
        "i = 9223372036854775807\nf = 1.0\ng = 1e21\nz = -0.0\n"
        "[a]\nb = [1, 1.5, 'x', {c = -9223372036854775808}]\n",
        "t");
    EXPECT_EQ(to_json(value), R"({"i":9223372036854775807,"f":1.0,"g":1e+21,"z":-0.0,)"
                              R"("a":{"b":[1,1.5,"x",{"c":-9223372036854775808}]}})");
    EXPECT_TRUE(parse_json(to_json(value), "t") == value);
}

}  // namespace
}  // namespace hab::config
