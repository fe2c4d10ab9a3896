// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_group.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace hab::supervisor {
namespace {

bool is_part(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 0x7f || c == '#' || c == '@' || c == '.' || c == '/')
            return false;
    }
    return true;
}

[[noreturn]] void bad_group(std::string_view text) {
    throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no service group", text),
                "write it as SERVICE.GROUP, for example redis.default");
}

}  // namespace

ServiceGroup ServiceGroup::parse(std::string_view text) {
    std::string_view rest = text;
    if (const auto hash = rest.find('#'); hash != std::string_view::npos) {
        rest.remove_prefix(hash + 1);
    }
    ServiceGroup result;
    if (const auto at = rest.find('@'); at != std::string_view::npos) {
        result.organization = rest.substr(at + 1);
        if (!is_part(result.organization)) bad_group(text);
        rest = rest.substr(0, at);
    }
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos) bad_group(text);
    result.service = rest.substr(0, dot);
    result.group = rest.substr(dot + 1);
    if (!is_part(result.service) || !is_part(result.group)) bad_group(text);
    return result;
}

std::string ServiceGroup::to_string() const {
    return organization.empty() ? service + "." + group
                                : service + "." + group + "@" + organization;
}

ServiceBind ServiceBind::parse(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos ||
        !is_part(text.substr(0, colon))) {
        throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no bind", text),
                    "write it as NAME:SERVICE.GROUP, for example database:postgresql.default");
    }
    return {std::string(text.substr(0, colon)), ServiceGroup::parse(text.substr(colon + 1))};
}

std::string ServiceBind::to_string() const {
    return name + ":" + group.to_string();
}

}  // namespace hab::supervisor
