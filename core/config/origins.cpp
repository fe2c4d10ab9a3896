// SPDX-License-Identifier: Apache-2.0
#include "config/origins.hpp"

#include "base/json.hpp"
#include "config/layers.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

void add_rows(const Value& value, const std::string& path, const Value& shown,
              std::vector<OriginRow>& rows) {
    const Object* table = shown.as_object();
    if (table == nullptr || (table->empty() && !path.empty())) {
        const std::string* text = shown.as_string();
        const bool secret = text != nullptr && *text == redacted_text && !(value == shown);
        rows.push_back({path, secret ? *text : to_json(shown), describe_origin(value)});
        return;
    }
    for (const auto& [key, member] : *table) {
        const std::string inner = (path.empty() ? "" : path + ".") + toml_key(key);
        add_rows(*value.as_object()->find(key), inner, member, rows);
    }
}

}  // namespace

std::vector<OriginRow> origin_rows(const Value& cfg, const Schema& schema) {
    std::vector<OriginRow> rows;
    add_rows(cfg, {}, schema.redacted(cfg), rows);
    return rows;
}

}  // namespace hab::config
