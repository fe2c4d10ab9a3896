// SPDX-License-Identifier: Apache-2.0
// The status page at /ui: one HTML file made of page.html, page.css and page.js beside this file.
// docs/guide/status-page.md.
#pragma once

#include <string_view>

#include "supervisor/http/route_table.hpp"

namespace hab::supervisor::http {

/// Whether a path is that of the page. It is given out without the token: a browser cannot send one
/// before the page has asked for it, and nothing of the services is in it.
[[nodiscard]] bool is_status_page(std::string_view path) noexcept;

/// The page, with a Content-Security-Policy that lets in nothing but its own script and style.
[[nodiscard]] Response status_page();

}  // namespace hab::supervisor::http
