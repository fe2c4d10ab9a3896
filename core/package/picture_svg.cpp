// SPDX-License-Identifier: Apache-2.0
// Pictures as SVG.
#include <fmt/format.h>

#include <algorithm>

#include "package/package_picture.hpp"
#include "package/picture_layout.hpp"

namespace hab::package {
namespace {

// All in pixels.
constexpr double letter = 6.7;  ///< mean width of one at 12 px
constexpr double node_height = 36;
constexpr double row_height = 48;
constexpr double least_width = 90;
constexpr double gap = 70;  ///< between layers
constexpr double margin = 24;
constexpr double heading = 44;
constexpr std::size_t longest_text = 34;

/// Light colours as they are, so that programs that know neither variables nor media queries show
/// them; dark ones for those that do.
constexpr std::string_view style = R"(
  svg { color-scheme: light dark; }
  .page { fill: #ffffff; }
  text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #16202c; }
  .title { font-size: 15px; font-weight: 600; }
  .version { font-size: 10px; fill: #566375; }
  rect.box { fill: #f2f5f9; stroke: #6b7a90; }
  .root rect.box { fill: #dbe9ff; stroke: #1f5fbf; stroke-width: 2; }
  .missing rect.box { stroke: #b3261e; stroke-dasharray: 4 3; }
  .edge { fill: none; stroke: #6b7a90; stroke-opacity: 0.75; }
  .long { stroke-opacity: 0.4; }
  .node:hover rect.box { stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #14181d; }
    text { fill: #e9eef4; }
    .version { fill: #a5b2c2; }
    rect.box { fill: #222a33; stroke: #8494a8; }
    .root rect.box { fill: #1d3557; stroke: #8ab4ff; }
    .missing rect.box { stroke: #ff8a80; }
    .edge { stroke: #8494a8; }
  }
)";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// Cut at a limit; the whole text is in the node's title. Never within a UTF-8 character.
std::string shortened(const std::string& text) {
    if (text.size() <= longest_text) return text;
    std::size_t end = longest_text - 1;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
        --end;
    return text.substr(0, end) + "…";
}

class Drawing {
public:
    explicit Drawing(const Picture& picture)
        : picture_(picture),
          edges_(essential_edges(picture)),
          layout_(lay_out(static_cast<std::uint32_t>(picture.nodes.size()), edges_)) {
        std::vector<double> widths(layout_.layers, least_width);
        for (std::size_t i = 0; i < picture_.nodes.size(); ++i) {
            const Ident& ident = picture_.nodes[i].ident;
            const auto letters = std::max(shortened(name_of(ident)).size(),
                                          shortened(version_of(ident)).size() * 19 / 20);
            double& width = widths[layout_.nodes[i].layer];
            width = std::max(width, static_cast<double>(letters) * letter + 18);
        }
        double x = margin;
        for (const double width : widths) {
            left_.push_back(x);
            width_.push_back(width);
            x += width + gap;
        }
        total_width_ = std::max(x - gap + margin, 360.0);
        total_height_ = heading + layout_.height * row_height + margin;
    }

    std::string draw() {
        const std::string root = escaped(picture_.nodes.front().ident.to_string());
        const bool forward = picture_.direction == Direction::dependencies;
        const std::string title = forward ? fmt::format("What {} depends on", root)
                                          : fmt::format("What depends on {}", root);
        const std::size_t others = picture_.nodes.size() - 1;
        text_ = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" "
            "viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\">\n"
            "<title id=\"t\">{2}</title>\n<desc id=\"d\">{3} and {4} other package{5}; lines lead "
            "from a package on the left to what it needs on the right. Needs that follow from "
            "others are left out.</desc>\n<style>{6}</style>\n"
            "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"
            "<text class=\"title\" x=\"{7:.0f}\" y=\"28\">{2}</text>\n",
            total_width_, total_height_, title, root, others, others == 1 ? "" : "s", style,
            margin);
        for (std::size_t i = 0; i < edges_.size(); ++i)
            draw_edge(layout_.edges[i]);
        for (std::size_t i = 0; i < picture_.nodes.size(); ++i)
            draw_node(i);
        return text_ + "</svg>\n";
    }

private:
    static std::string name_of(const Ident& ident) { return ident.origin + "/" + ident.name; }
    static std::string version_of(const Ident& ident) {
        return ident.release.empty() ? ident.version : ident.version + "/" + ident.release;
    }
    [[nodiscard]] static double y_of(const Layout::Place& place) {
        return heading + place.y * row_height;
    }

    /// Through all its bends; within a layer it runs level, between layers it swings.
    void draw_edge(const std::vector<Layout::Place>& path) {
        std::string d;
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            const double from = left_[path[i].layer] + width_[path[i].layer];
            const double to = left_[path[i + 1].layer];
            const double middle = (from + to) / 2;
            const double y = y_of(path[i]);
            const double next = y_of(path[i + 1]);
            d += i == 0 ? fmt::format("M{:.1f} {:.1f}", from, y) : fmt::format("H{:.1f}", from);
            d += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", middle, y, middle, next,
                             to, next);
        }
        text_ +=
            fmt::format("<path class=\"edge{}\" d=\"{}\"/>\n", path.size() > 2 ? " long" : "", d);
    }

    void draw_node(std::size_t index) {
        const Picture::Node& node = picture_.nodes[index];
        const Layout::Place& place = layout_.nodes[index];
        const double x = left_[place.layer];
        const double y = y_of(place);
        text_ += fmt::format(
            "<g class=\"node{}{}\"><title>{}{}</title><rect class=\"box\" x=\"{:.1f}\" "
            "y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\" rx=\"5\"/>"
            "<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>"
            "<text class=\"version\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n",
            index == 0 ? " root" : "", node.installed ? "" : " missing",
            escaped(node.ident.to_string()), node.installed ? "" : " (not installed)", x,
            y - node_height / 2, width_[place.layer], node_height, x + 9, y - 2,
            escaped(shortened(name_of(node.ident))), x + 9, y + 12,
            escaped(shortened(version_of(node.ident))));
    }

    const Picture& picture_;
    std::vector<Picture::Edge> edges_;
    Layout layout_;
    std::vector<double> left_;   ///< of each layer
    std::vector<double> width_;  ///< of each layer
    double total_width_ = 0;
    double total_height_ = 0;
    std::string text_;
};

}  // namespace

std::string to_svg(const Picture& picture) {
    return Drawing(picture).draw();
}

}  // namespace hab::package
