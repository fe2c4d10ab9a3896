// SPDX-License-Identifier: Apache-2.0
#include "package/ordering.hpp"

#include <algorithm>
#include <ostream>

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

struct VersionCase {
    const char* a;
    const char* b;
    char expected;  ///< '<', '>', '=' or '!' for "does not compare"
};

/// The names of the tests are made of this.
void PrintTo(const VersionCase& test, std::ostream* out) {
    *out << test.a << " " << test.expected << " " << test.b;
}

class VersionTable : public ::testing::TestWithParam<VersionCase> {};

char symbol(const std::optional<std::weak_ordering>& order) {
    if (!order) return '!';
    if (*order == 0) return '=';
    return *order < 0 ? '<' : '>';
}

TEST_P(VersionTable, ComparesAsUpstream) {
    const auto& [a, b, expected] = GetParam();
    EXPECT_EQ(symbol(compare_versions(a, b)), expected) << a << " and " << b;
}

INSTANTIATE_TEST_SUITE_P(
    Upstream, VersionTable,
    ::testing::Values(VersionCase{"1.0", "1.0.0", '='}, VersionCase{"1.0.0-9", "1.0.0-10", '>'},
                      VersionCase{"1.10", "1.9", '>'}, VersionCase{"1.0.0-", "1.0.0", '<'},
                      VersionCase{"2.1.1-alpha2", "2.1.1", '<'},
                      VersionCase{"1.0.1k", "1.0.1", '<'},
                      VersionCase{"1.0.0-alpha", "1.0.0alpha", '='},
                      VersionCase{"1.0.2n", "1.0.2l", '>'}, VersionCase{"2016i", "2016j", '<'},
                      VersionCase{"v1.2.3", "1.2.3", '='}, VersionCase{"a1b2", "1", '<'},
                      VersionCase{"01", "1", '='}, VersionCase{"1.", "1", '!'},
                      VersionCase{"1.2.", "1.3", '<'}, VersionCase{"undefined", "1.0", '!'},
                      VersionCase{"18446744073709551616", "1", '!'}));

TEST(Ordering, ReleasesCompareAsBytes) {
    EXPECT_TRUE(compare_by_parts(ident("a/x/1/2"), ident("a/x/1/10")) > 0);
    EXPECT_TRUE(compare_by_parts(ident("a/x/1.9/9"), ident("a/x/1.10/1")) < 0);
}

TEST(Ordering, SortingIsAStrictWeakOrderOnVersionsThatDoNotCompare) {
    std::vector<Ident> idents;
    for (const char* version : {"1.", "1", "1.0", "undefined", "2016i", "2016j", "1.2.", "1.3",
                                "v2", "18446744073709551616", "1.0.0-9", "1.0.0-10", "a1b2"}) {
        idents.push_back(Ident{"acme", "x", version, "20260101000000"});
    }
    const auto less = [](const Ident& a, const Ident& b) { return compare_by_parts(a, b) < 0; };
    for (const Ident& a : idents) {
        EXPECT_FALSE(less(a, a));
        for (const Ident& b : idents) {
            EXPECT_FALSE(less(a, b) && less(b, a)) << a.version << " " << b.version;
            for (const Ident& c : idents) {
                if (less(a, b) && less(b, c)) {
                    EXPECT_TRUE(less(a, c)) << a.version << " " << b.version << " " << c.version;
                }
                const bool ab = !less(a, b) && !less(b, a);
                const bool bc = !less(b, c) && !less(c, b);
                if (ab && bc) {
                    EXPECT_TRUE(!less(a, c) && !less(c, a));
                }
            }
        }
    }
}

TEST(Ordering, ListingsSortByParts) {
    std::vector<Ident> idents = {ident("core/b/1.10/1"), ident("core/b/1.9/1"), ident("acme/z/1/1"),
                                 ident("core/a/1/2"), ident("core/a/1/1")};
    sort_by_parts(idents);
    std::vector<std::string> texts;
    for (const Ident& i : idents)
        texts.push_back(i.to_string());
    EXPECT_THAT(texts, ::testing::ElementsAre("acme/z/1/1", "core/a/1/1", "core/a/1/2",
                                              "core/b/1.9/1", "core/b/1.10/1"));
}

TEST(Ordering, LatestOfWhatIsWanted) {
    const std::vector<Ident> idents = {ident("core/a/1.9/1"), ident("core/a/1.10/1"),
                                       ident("core/a/1.10/2"), ident("core/ab/9/9")};
    EXPECT_EQ(latest_of(idents, ident("core/a"))->to_string(), "core/a/1.10/2");
    EXPECT_EQ(latest_of(idents, ident("core/a/1.9"))->to_string(), "core/a/1.9/1");
    EXPECT_FALSE(latest_of(idents, ident("core/c")));
}

TEST(Ordering, LatestOfVersionsThatAreEqualIsTheFirst) {
    const Ident shorter = ident("core/a/1.0/1");
    const Ident longer = ident("core/a/1.0.0/1");
    EXPECT_EQ(latest_of({shorter, longer}, ident("core/a")), shorter);
    EXPECT_EQ(latest_of({longer, shorter}, ident("core/a")), longer);
    EXPECT_EQ(latest_of({ident("core/a/undefined/9"), longer}, ident("core/a")), longer)
        << "a version that does not compare is never the latest beside one that does";
}

}  // namespace
}  // namespace hab::package
