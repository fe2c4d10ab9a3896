// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ui/status_page.hpp"

#include "status_page_text.hpp"

namespace hab::supervisor::http {

bool is_status_page(std::string_view path) noexcept {
    return path == "/ui" || path == "/ui/";
}

Response status_page() {
    // One copy for all answers.
    static const auto page = std::make_shared<const std::string>(status_page_html);
    Response response;
    response.content_type = "text/html; charset=utf-8";
    response.headers.emplace_back("Content-Security-Policy", status_page_policy);
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response.body = page;
    return response;
}

}  // namespace hab::supervisor::http
