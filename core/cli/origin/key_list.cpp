// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/json.hpp"
#include "cli/columns.hpp"
#include "cli/origin/commands.hpp"
#include "cli/origin/named_key.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "ORIGIN", .help = "Only keys of this origin", .required = false}};
constexpr std::array options = {OptionSpec{.name = "format",
                                           .kind = OptionKind::value,
                                           .value_name = "table|json",
                                           .help = "Form of the output",
                                           .env = {},
                                           .default_value = "table"},
                                cache_key_path_option};

/// One key, from the cache, the trust store, or both.
struct KeyRow {
    crypto::KeyName name;
    std::string fingerprint;
    std::string state;   ///< see state_of
    std::string reason;  ///< empty for keys that are not trusted
    std::string since;
    bool has_public = false;
    bool has_secret = false;
};

std::string state_of(const package::OriginRecord& record, const package::TrustedKey* known,
                     const std::string& fingerprint) {
    if (record.keys.empty()) return "unknown origin";
    if (known == nullptr) return "not trusted";
    if (known->fingerprint != fingerprint) return "replaced";
    if (known->pinned) return "pinned";
    return record.pinned() ? "not pinned" : "trusted";
}

KeyRow describe(const crypto::KeyName& name, const package::OriginRecord& record,
                const crypto::KeyCache& cache) {
    const package::TrustedKey* known = record.find(name);
    KeyRow row;
    row.name = name;
    row.has_public = fs::exists(cache.path_of(name, crypto::KeyKind::signing_public));
    row.has_secret = fs::exists(cache.path_of(name, crypto::KeyKind::signing_secret));
    row.fingerprint = row.has_public ? cache.public_key(name).fingerprint() : known->fingerprint;
    row.state = state_of(record, known, row.fingerprint);
    if (known != nullptr) {
        row.reason = package::to_string(known->reason);
        row.since = known->since;
    }
    return row;
}

std::vector<KeyRow> collect(const package::OriginTrust& trust, const crypto::KeyCache& cache,
                            const std::optional<std::string>& only) {
    const auto cached = cache.signing_keys();
    std::set<std::string> origins;
    for (const auto& name : cached)
        origins.insert(name.name);
    for (const std::string& origin : trust.origins())
        origins.insert(origin);
    std::vector<KeyRow> rows;
    for (const std::string& origin : origins) {
        if ((only && origin != *only) || !crypto::is_valid_origin_name(origin)) continue;
        const package::OriginRecord record = trust.read(origin);
        std::set<crypto::KeyName> names;
        for (const auto& key : record.keys)
            names.insert(key.name);
        std::copy_if(cached.begin(), cached.end(), std::inserter(names, names.end()),
                     [&](const crypto::KeyName& name) { return name.name == origin; });
        for (const auto& name : names)
            rows.push_back(describe(name, record, cache));
    }
    return rows;
}

std::string parts_of(const KeyRow& row) {
    if (row.has_public) return row.has_secret ? "public, secret" : "public";
    return row.has_secret ? "secret" : "no file";
}

constexpr std::array columns = {Column{"KEY"},   Column{"STATE"}, Column{"REASON", Fit::drop},
                                Column{"SINCE"}, Column{"FILES"}, Column{"FINGERPRINT", Fit::cut}};

std::string table(const std::vector<KeyRow>& keys, std::optional<unsigned> width) {
    std::vector<Row> rows;
    for (const KeyRow& key : keys) {
        rows.push_back({key.name.to_string(), key.state, key.reason, key.since, parts_of(key),
                        key.fingerprint});
    }
    return columns_text(columns, rows, width);
}

std::string json(const std::vector<KeyRow>& rows) {
    Array list;
    for (const KeyRow& row : rows) {
        Object object;
        object.set("key", row.name.to_string());
        object.set("origin", row.name.name);
        object.set("state", row.state);
        object.set("reason", row.reason.empty() ? Value() : Value(row.reason));
        object.set("since", row.since.empty() ? Value() : Value(row.since));
        object.set("public", row.has_public);
        object.set("secret", row.has_secret);
        object.set("fingerprint", row.fingerprint);
        list.emplace_back(std::move(object));
    }
    return to_json(Value(std::move(list)), true);
}

int run(Invocation& invocation) {
    const std::string format = invocation.args.require("format");
    if (format != "table" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("there is no output format '{}'", format),
                    "use --format table or --format json");
    }
    const auto origin = invocation.args.get("ORIGIN");
    if (origin) crypto::check_origin_name(*origin);
    const auto rows =
        collect(package::OriginTrust::from(invocation.paths), key_cache_of(invocation), origin);
    invocation.terminal.out(format == "json" ? json(rows)
                                             : table(rows, line_width(invocation.terminal)));
    return 0;
}

}  // namespace

const Command& origin_key_list_command() {
    static constexpr Command command = {
        .path = "origin key list",
        .summary = "List origin keys and whether they are trusted",
        .description =
            "States: 'trusted' and 'pinned' keys sign packages of their origin; 'not pinned' ones "
            "are trusted, but the origin is pinned to others; 'not trusted' ones only lie in the "
            "key cache; the first key of an 'unknown origin' that is used becomes trusted; "
            "'replaced' ones are not the key that was trusted under this name.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
