// SPDX-License-Identifier: Apache-2.0
#include "package/package_graph.hpp"

#include <fmt/format.h>

#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Ident base = ident("acme/base/1/20260101000000");
const Ident left = ident("acme/left/1/20260101000000");
const Ident right = ident("acme/right/1/20260101000000");
const Ident top = ident("acme/top/1/20260101000000");
const Ident absent = ident("acme/absent/1/20260101000000");

/// top -> left, right -> base: a diamond.
PackageGraph diamond() {
    return PackageGraph({{top, {right, left}}, {left, {base}}, {right, {base}}, {base, {}}});
}

TEST(PackageGraph, DirectNeighboursKeepTheOrderOfDeps) {
    EXPECT_THAT(diamond().related(top, Direction::dependencies, false), ElementsAre(right, left));
    EXPECT_THAT(diamond().related(base, Direction::dependents, false), ElementsAre(left, right));
    EXPECT_THAT(diamond().related(top, Direction::dependents, false), IsEmpty());
}

TEST(PackageGraph, TransitiveIsNearestFirstAndEachOnce) {
    EXPECT_THAT(diamond().related(top, Direction::dependencies, true),
                ElementsAre(right, left, base));
    EXPECT_THAT(diamond().related(base, Direction::dependents, true),
                ElementsAre(left, right, top));
}

TEST(PackageGraph, CycleEnds) {
    const PackageGraph graph({{left, {right}}, {right, {left}}});
    EXPECT_THAT(graph.related(left, Direction::dependencies, true), ElementsAre(right));
}

TEST(PackageGraph, DependencyThatIsNotInstalledIsANodeOfItsOwn) {
    const PackageGraph graph({{top, {absent}}});
    ASSERT_TRUE(graph.find(absent));
    EXPECT_FALSE(graph.installed(*graph.find(absent)));
    EXPECT_EQ(graph.installed_count(), 1u);
    EXPECT_THAT(graph.related(top, Direction::dependencies, true), ElementsAre(absent));
    EXPECT_FALSE(graph.find(base));
    const Error error =
        error_of([&] { (void)graph.related(absent, Direction::dependencies, true); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("'acme/absent/1/20260101000000' is not installed"));
}

TEST(PackageGraph, OfNothing) {
    const PackageGraph graph({});
    EXPECT_EQ(graph.size(), 0u);
    EXPECT_FALSE(graph.find(top));
}

TEST(PackageGraph, TenThousandInAChain) {
    constexpr int count = 10000;
    const auto nth = [](int i) { return ident(fmt::format("acme/p{}/1/20260101000000", i)); };
    std::vector<PackageGraph::Entry> entries;
    for (int i = 0; i < count; ++i) {
        entries.push_back({nth(i), i + 1 < count ? std::vector{nth(i + 1)} : std::vector<Ident>()});
    }
    const PackageGraph graph(std::move(entries));
    EXPECT_EQ(graph.related(nth(0), Direction::dependencies, true).size(), count - 1u);
    EXPECT_EQ(graph.related(nth(count - 1), Direction::dependents, true).back(), nth(0));
}

class StoredGraph : public PackageTest {};

TEST_F(StoredGraph, ReadsTheStore) {
    install_tree(base);
    install_tree(left, {base});
    const PackageGraph graph = PackageGraph::read(store_);
    EXPECT_EQ(graph.installed_count(), 2u);
    EXPECT_THAT(graph.related(base, Direction::dependents, false), ElementsAre(left));
    EXPECT_NO_THROW(graph.require_sound());
}

TEST_F(StoredGraph, BrokenDepsIsKnownAsSuch) {
    install_tree(base);
    write_file_atomic(install_tree(left) / "DEPS", "no ident\n");
    const PackageGraph graph = PackageGraph::read(store_);
    ASSERT_EQ(graph.damaged().size(), 1u);
    EXPECT_EQ(graph.ident(graph.damaged()[0].node), left);
    const Error error = error_of([&] { graph.require_sound(); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(),
                HasSubstr("cannot tell what 'acme/left/1/20260101000000' needs: "));
    EXPECT_FALSE(error.hint().empty());
}

}  // namespace
}  // namespace hab::package
