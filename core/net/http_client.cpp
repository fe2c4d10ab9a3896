// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/paths.hpp"
#include "net/http_module.hpp"

namespace hab::net {

namespace {

HttpModuleOpen load_module() {
    const std::string path = (install_prefix() / "lib/hab/modules/hab-http.so").string();
    void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) {
        const char* const reason = ::dlerror();
        throw Error(ErrorCode::unsupported,
                    fmt::format("cannot load the HTTP client: {}", reason ? reason : path),
                    "Reinstall hab: this file is a part of it, and libcurl must be installed.");
    }
    void* const symbol = ::dlsym(handle, http_module_symbol);
    if (symbol == nullptr) {
        throw Error(ErrorCode::unsupported,
                    fmt::format("cannot use the HTTP client {}: it belongs to another build", path),
                    "Reinstall hab as a whole.");
    }
    return reinterpret_cast<HttpModuleOpen>(symbol);
}

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 413:
            return "Content Too Large";
        case 416:
            return "Range Not Satisfiable";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return {};
    }
}

}  // namespace

std::string_view HttpHead::header(std::string_view name) const noexcept {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

std::unique_ptr<HttpClient> open_http_client() {
    static const HttpModuleOpen open = load_module();  // never unloaded
    return std::unique_ptr<HttpClient>(open());
}

std::string http_status_text(unsigned status) {
    const std::string_view phrase = reason_phrase(status);
    return phrase.empty() ? fmt::format("{}", status) : fmt::format("{} ({})", status, phrase);
}

void throw_http_status(std::string_view tried, std::string_view url, unsigned status) {
    const auto message =
        fmt::format("cannot {} {}: the server answered {}", tried, url, http_status_text(status));
    if (status == 404 || status == 410) {
        throw Error(ErrorCode::not_found, message, "Check the address for spelling mistakes.");
    }
    if (status == 401 || status == 403) {
        throw Error(ErrorCode::denied, message, "Check the access token or password.");
    }
    throw Error(ErrorCode::io, message,
                status >= 500 ? "The server has a problem; try again later." : std::string());
}

}  // namespace hab::net
