// SPDX-License-Identifier: Apache-2.0
// The one symbol between hab and its private module hab-http.so. Both come from one build: C++
// types and hab::Error cross this edge.
#pragma once

#include "net/http_client.hpp"

namespace hab::net {

inline constexpr const char* http_module_symbol = "hab_http_module_open";
using HttpModuleOpen = HttpClient* (*)();

}  // namespace hab::net

extern "C" [[gnu::visibility("default")]] hab::net::HttpClient* hab_http_module_open();
