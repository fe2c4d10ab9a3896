// SPDX-License-Identifier: Apache-2.0
#include "config/toml.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"

namespace hab::config {
namespace {

class Reader {
public:
    explicit Reader(std::string_view source) : source_(source) {}

    Value table(const toml::table& from, int depth) {
        check_depth(from.source().begin, depth);
        std::vector<std::pair<const toml::key*, const toml::node*>> entries;
        entries.reserve(from.size());
        for (auto&& [key, node] : from)
            entries.emplace_back(&key, &node);
        // toml++ keeps tables sorted by name; the position of each key tells the written order.
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
            const auto left = a.first->source().begin;
            const auto right = b.first->source().begin;
            return std::pair(left.line, left.column) < std::pair(right.line, right.column);
        });
        Object object;
        for (const auto& [key, node] : entries) {
            Value value = convert(*node, depth + 1);
            value.set_origin(origin(key->source().begin.line));
            object.set(std::string(key->str()), std::move(value));
        }
        return object;
    }

private:
    Value convert(const toml::node& node, int depth) {
        if (const auto* table_node = node.as_table()) return table(*table_node, depth);
        if (const auto* array_node = node.as_array()) return array(*array_node, depth);
        if (const auto* text = node.as_string()) return text->get();
        if (const auto* number = node.as_integer()) return number->get();
        if (const auto* real = node.as_floating_point()) return real->get();
        if (const auto* boolean = node.as_boolean()) return boolean->get();
        std::ostringstream text;  // dates and times have no kind of their own in a Value
        if (const auto* day = node.as_date()) text << day->get();
        if (const auto* time = node.as_time()) text << time->get();
        if (const auto* moment = node.as_date_time()) text << moment->get();
        return text.str();
    }

    Value array(const toml::array& from, int depth) {
        check_depth(from.source().begin, depth);
        Array items;
        items.reserve(from.size());
        for (const toml::node& node : from) {
            Value value = convert(node, depth + 1);
            value.set_origin(origin(node.source().begin.line));
            items.push_back(std::move(value));
        }
        return items;
    }

    std::shared_ptr<const Origin> origin(std::uint32_t line) {
        if (last_ == nullptr || last_->line != line) {
            last_ = std::make_shared<const Origin>(Origin{source_, line});
        }
        return last_;
    }

    void check_depth(toml::source_position where, int depth) const {
        if (depth <= max_depth) return;
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}:{}:{}: tables and arrays are nested more than {} levels deep",
                                source_, where.line, where.column, max_depth),
                    "flatten the configuration");
    }

    std::string source_;
    std::shared_ptr<const Origin> last_;
};

}  // namespace

Value parse_toml(std::string_view text, std::string_view source) {
    try {
        const toml::table parsed = toml::parse(text, source);
        return Reader(source).table(parsed, 0);
    } catch (const toml::parse_error& error) {
        const auto where = error.source().begin;
        std::string reason(error.description());
        std::replace(reason.begin(), reason.end(), '\n', ' ');
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("{}:{}:{}: not valid TOML: {}", source, where.line, where.column, reason),
            "correct the file at that place; see https://toml.io for the format");
    }
}

std::optional<Value> read_toml_if_exists(const std::filesystem::path& path) {
    const auto text = read_file_if_exists(path, 16u << 20);
    if (!text) return std::nullopt;
    return parse_toml(*text, path.string());
}

}  // namespace hab::config
