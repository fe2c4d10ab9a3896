// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/conditional.hpp"

#include "base/strings.hpp"
#include "supervisor/http/snapshot_cache.hpp"

namespace hab::supervisor::http {

bool names_tag(std::string_view if_none_match, std::string_view tag) noexcept {
    // Our tags are hexadecimal: a comma cannot be inside of one.
    while (!if_none_match.empty()) {
        const auto comma = std::min(if_none_match.find(','), if_none_match.size());
        std::string_view one = trim(if_none_match.substr(0, comma));
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag || one == "*") return true;
        if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
    }
    return false;
}

Response conditional(const Request& request, Response response) {
    if (response.status != 200 || !response.body) return response;
    if (!net::find_header(response.headers, "Cache-Control").empty()) return response;
    std::string tag(net::find_header(response.headers, "ETag"));
    if (tag.empty()) {
        tag = entity_tag(*response.body);
        response.headers.emplace_back("ETag", tag);
    }
    // Kept by caches, but asked about each time.
    response.headers.emplace_back("Cache-Control", "no-cache");
    const auto wanted = net::find_header(request.headers, "If-None-Match");
    if (wanted.empty() || !names_tag(wanted, tag)) return response;
    response.status = 304;
    response.body.reset();
    return response;
}

}  // namespace hab::supervisor::http
