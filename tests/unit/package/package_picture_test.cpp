// SPDX-License-Identifier: Apache-2.0
#include "package/package_picture.hpp"

#include "base/json.hpp"
#include "package/picture_layout.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Ident release(std::string_view name) {
    return ident("acme/" + std::string(name) + "/1/2");
}

/// app needs lib and base, lib needs base, base needs a package that is not there.
PackageGraph small_graph() {
    return PackageGraph({{release("app"), {release("lib"), release("base")}},
                         {release("base"), {release("gone")}},
                         {release("lib"), {release("base")}},
                         {release("other"), {release("base")}}});
}

Picture picture_of(const char* root, Direction direction = Direction::dependencies,
                   unsigned depth = 0) {
    return make_picture(small_graph(), release(root), direction, depth);
}

TEST(PackagePicture, HasWhatCanBeReached) {
    EXPECT_EQ(picture_of("app").nodes.size(), 4u);
    EXPECT_EQ(picture_of("app").nodes[0].ident, release("app"));
    EXPECT_EQ(picture_of("app", Direction::dependencies, 1).nodes.size(), 3u);
    const Picture up = picture_of("base", Direction::dependents);
    EXPECT_EQ(up.nodes.size(), 4u);
    for (const auto& [from, to] : up.edges)
        EXPECT_NE(up.nodes[from].ident, release("base"));
    const Error error = error_of([] { (void)picture_of("gone"); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
}

TEST(PackagePicture, LeavesOutWhatFollows) {
    const Picture picture = picture_of("app");
    EXPECT_EQ(picture.edges.size(), 4u);
    for (const auto& [from, to] : essential_edges(picture)) {
        EXPECT_FALSE(picture.nodes[from].ident == release("app") &&
                     picture.nodes[to].ident == release("base"));
    }
    EXPECT_EQ(essential_edges(picture).size(), 3u);
}

TEST(PackagePicture, CyclesKeepTheirEdgesAndEnd) {
    const PackageGraph graph({{release("a"), {release("b")}},
                              {release("b"), {release("c")}},
                              {release("c"), {release("a")}}});
    const Picture picture = make_picture(graph, release("a"), Direction::dependencies, 0);
    EXPECT_EQ(essential_edges(picture).size(), 3u);
    EXPECT_THAT(to_svg(picture), HasSubstr("acme/c/1/2"));
}

TEST(PackagePicture, SvgIsDescribedEscapedAndRepeatable) {
    const PackageGraph graph({{ident("acme/a<b>&\"c/1/2"), {release("lib")}}});
    const Picture picture =
        make_picture(graph, ident("acme/a<b>&\"c/1/2"), Direction::dependencies, 0);
    const std::string svg = to_svg(picture);
    EXPECT_THAT(svg, HasSubstr("<title id=\"t\">What acme/a&lt;b&gt;&amp;&quot;c/1/2 depends on"));
    EXPECT_THAT(svg, HasSubstr("<desc id=\"d\">"));
    EXPECT_THAT(svg, HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(svg, HasSubstr("acme/lib/1/2 (not installed)"));
    EXPECT_THAT(svg, Not(HasSubstr("a<b>")));
    EXPECT_EQ(svg, to_svg(picture));
}

TEST(PackagePicture, DotAndJsonHaveEveryDirectDependency) {
    const std::string dot = to_dot(picture_of("app"));
    EXPECT_THAT(dot, HasSubstr("\"acme/app/1/2\" -> \"acme/base/1/2\";"));
    EXPECT_THAT(dot, HasSubstr("\"acme/gone/1/2\" [style=dashed];"));
    const Value json = parse_json(to_json_text(picture_of("app")), "graph");
    EXPECT_EQ(json.at_path("edges")->as_array()->size(), 4u);
    EXPECT_EQ(*json.at_path("root")->as_string(), "acme/app/1/2");
}

/// Nodes of one layer must not overlap, and every edge leads to the right.
TEST(PictureLayout, NothingOverlaps) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    for (std::uint32_t node = 1; node < 120; ++node) {
        edges.emplace_back(node / 3, node);
        if (node % 5 == 0 && node + 7 < 120) edges.emplace_back(node, node + 7);
    }
    edges.emplace_back(119, 0);  // a cycle
    const Layout layout = lay_out(120, edges);
    for (std::size_t a = 0; a < layout.nodes.size(); ++a) {
        EXPECT_GE(layout.nodes[a].y, 0.0);
        EXPECT_LE(layout.nodes[a].y, layout.height);
        for (std::size_t b = 0; b < a; ++b) {
            if (layout.nodes[a].layer != layout.nodes[b].layer) continue;
            EXPECT_GE(std::abs(layout.nodes[a].y - layout.nodes[b].y), 0.999);
        }
    }
    for (const auto& path : layout.edges) {
        for (std::size_t i = 1; i < path.size(); ++i)
            EXPECT_EQ(path[i].layer, path[i - 1].layer + 1);
    }
}

TEST(PictureLayout, OneNode) {
    const Layout layout = lay_out(1, {});
    EXPECT_EQ(layout.layers, 1u);
    EXPECT_DOUBLE_EQ(layout.nodes[0].y, 0.5);
}

}  // namespace
}  // namespace hab::package
