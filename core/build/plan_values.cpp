// SPDX-License-Identifier: Apache-2.0
#include "build/plan_values.hpp"

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::build {
namespace {

[[noreturn]] void malformed() {
    throw Error(ErrorCode::invalid_input, "the build runtime sent a malformed report of the plan",
                "a plan must not replace functions whose names begin with _hab_");
}

template <typename Container>
const typename Container::mapped_type& find_or_empty(const Container& values,
                                                     std::string_view name) {
    static const typename Container::mapped_type empty;
    const auto found = values.find(name);
    return found == values.end() ? empty : found->second;
}

}  // namespace

PlanValues PlanValues::from_fields(std::span<const std::string> fields) {
    PlanValues values;
    while (!fields.empty()) {
        if (fields.size() < 3) malformed();
        const std::string& kind = fields[0];
        const std::string& name = fields[1];
        const auto count = parse_u64(fields[2]);
        if (!count || *count > fields.size() - 3) malformed();
        const auto items = fields.subspan(3, *count);
        if (kind == "s" && items.size() == 1) {
            values.set_text(name, items[0]);
        } else if (kind == "a") {
            values.set_list(name, {items.begin(), items.end()});
        } else if (kind == "A" && items.size() % 2 == 0) {
            Map map;
            for (std::size_t i = 0; i < items.size(); i += 2)
                map[items[i]] = items[i + 1];
            values.set_map(name, std::move(map));
        } else {
            malformed();
        }
        fields = fields.subspan(3 + *count);
    }
    return values;
}

const std::string& PlanValues::text(std::string_view name) const {
    return find_or_empty(texts_, name);
}

const std::vector<std::string>& PlanValues::list(std::string_view name) const {
    return find_or_empty(lists_, name);
}

const PlanValues::Map& PlanValues::map(std::string_view name) const {
    return find_or_empty(maps_, name);
}

}  // namespace hab::build
