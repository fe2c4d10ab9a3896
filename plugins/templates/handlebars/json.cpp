// SPDX-License-Identifier: Apache-2.0
// JSON straight into a store, without a tree of its own in between.
#include <boost/json/basic_parser_impl.hpp>
#include <hab/types.hpp>
#include <unordered_map>

#include "data.hpp"

namespace handlebars {
namespace {

using boost::json::error_code;
using boost::json::string_view;

/// Collects finished values on a stack; the end of an array or object moves its children to the
/// store.
struct Handler {
    static constexpr std::size_t max_array_size = 1u << 28;
    static constexpr std::size_t max_object_size = 1u << 28;
    static constexpr std::size_t max_string_size = 1u << 30;
    static constexpr std::size_t max_key_size = 1u << 20;

    Handler(Store& to_store, Names& to_names) : store(to_store), names(to_names) {}

    Store& store;
    Names& names;
    std::vector<Node> values;
    std::vector<KeyId> keys;
    std::vector<KeyId> own_keys;  ///< of the object that ends; kept for its memory
    std::string part;

    bool add(const Node& node) {
        values.push_back(node);
        return true;
    }
    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t count, error_code&) {
        const Node node = store.array(values.data() + (values.size() - count), count);
        values.resize(values.size() - count);
        return add(node);
    }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t count, error_code&);
    bool on_string_part(string_view text, std::size_t, error_code&) {
        part += text;
        return true;
    }
    bool on_string(string_view text, std::size_t, error_code&) {
        if (part.empty()) return add(store.string(text));
        part += text;
        add(store.string(part));
        part.clear();
        return true;
    }
    bool on_key_part(string_view text, std::size_t, error_code&) {
        part += text;
        return true;
    }
    bool on_key(string_view text, std::size_t, error_code&) {
        part += text;
        keys.push_back(names.key(part));
        part.clear();
        return true;
    }
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t value, string_view, error_code&) {
        return add(store.integer(value));
    }
    bool on_uint64(std::uint64_t value, string_view, error_code&) {
        return add(store.number(std::to_string(value)));
    }
    bool on_double(double value, string_view, error_code&) {
        return add(store.number(format_double(value)));
    }
    bool on_bool(bool value, error_code&) { return add(Store::boolean(value)); }
    bool on_null(error_code&) { return add(Node{}); }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

/// Keeps the first place and the last value of each repeated key. Returns the new count.
std::size_t drop_repeated(std::vector<KeyId>& keys, Node* values) {
    std::unordered_map<KeyId, std::size_t> first;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto [place, is_new] = first.try_emplace(keys[i], kept);
        values[place->second] = values[i];
        if (is_new) keys[kept++] = keys[i];
    }
    keys.resize(kept);
    return kept;
}

bool Handler::on_object_end(std::size_t count, error_code&) {
    own_keys.assign(keys.end() - static_cast<std::ptrdiff_t>(count), keys.end());
    keys.resize(keys.size() - count);
    Node* const first = values.data() + (values.size() - count);
    std::size_t kept = count;
    auto shape = names.find_shape(own_keys);
    if (!shape) {
        kept = drop_repeated(own_keys, first);
        shape = names.shape(own_keys);
    }
    const Node node = store.object(first, kept, *shape);
    values.resize(values.size() - count);
    return add(node);
}

}  // namespace

Node parse_json(std::string_view json, std::string_view what, Store& store, Names& names) {
    boost::json::parse_options options;
    options.max_depth = 100;
    boost::json::basic_parser<Handler> parser(options, store, names);
    error_code error;
    const std::size_t read = parser.write_some(false, json.data(), json.size(), error);
    if (!error && json.find_first_not_of(" \t\r\n", read) != json.npos) {
        error = boost::json::error::extra_data;
    }
    if (error) {
        hab::sdk::raise(HAB_STATUS_USAGE, std::string(what) + " is not valid JSON: " +
                                              error.message() + " at byte " + std::to_string(read));
    }
    return parser.handler().values.back();
}

}  // namespace handlebars
