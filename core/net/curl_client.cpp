// SPDX-License-Identifier: Apache-2.0
// HttpClient on libcurl: the whole content of the private module hab-http.so.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "net/http_module.hpp"

namespace hab::net {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// The URL without user and password, for messages.
std::string printable_url(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return url;
    const auto begin = scheme + 3;
    const auto at = url.find('@', begin);
    if (at == std::string::npos || at > url.find('/', begin)) return url;
    return url.substr(0, begin) + url.substr(at + 1);
}

/// State of one exchange; the C callbacks below get a pointer to it and let no exception out.
struct Exchange {
    const HttpRequest& request;
    CURL* handle;
    HttpResponse response{};
    bool head_shown = false;
    bool too_large = false;
    bool cancelled = false;
    bool stalled = false;
    std::size_t body_offset = 0;
    std::exception_ptr failure{};
    curl_off_t last_bytes = -1;
    SteadyClock::time_point last_change = SteadyClock::now();
    SteadyClock::time_point last_progress{};

    void show_head() {
        if (std::exchange(head_shown, true)) return;
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        response.head.status = static_cast<unsigned>(status);
        if (request.on_head) request.on_head(response.head);
    }
};

std::size_t on_header(char* data, std::size_t, std::size_t length, void* user) noexcept {
    auto& exchange = *static_cast<Exchange*>(user);
    try {
        const std::string_view line = trim(std::string_view(data, length));
        auto& headers = exchange.response.head.headers;
        if (line.starts_with("HTTP/")) {
            headers.clear();  // a redirect or a 1xx answer came before
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            headers.emplace_back(to_lower(trim(line.substr(0, colon))),
                                 std::string(trim(line.substr(colon + 1))));
        }
        return length;
    } catch (...) {  // edge: C callback
        exchange.failure = std::current_exception();
        return 0;
    }
}

std::size_t on_data(char* data, std::size_t, std::size_t length, void* user) noexcept {
    auto& exchange = *static_cast<Exchange*>(user);
    try {
        exchange.show_head();
        auto& response = exchange.response;
        response.received += length;
        if (exchange.request.on_body) {
            exchange.request.on_body(as_bytes({data, length}));
            return length;
        }
        if (response.received > exchange.request.max_body) {
            exchange.too_large = true;
            return 0;
        }
        response.body.append(data, length);
        return length;
    } catch (...) {  // edge: C callback
        exchange.failure = std::current_exception();
        return 0;
    }
}

std::size_t on_read(char* data, std::size_t, std::size_t length, void* user) noexcept {
    auto& exchange = *static_cast<Exchange*>(user);
    try {
        if (exchange.request.read_body) {
            return exchange.request.read_body(
                std::as_writable_bytes(std::span<char>(data, length)));
        }
        const std::string& body = exchange.request.body;
        const std::size_t count = std::min(length, body.size() - exchange.body_offset);
        std::memcpy(data, body.data() + exchange.body_offset, count);
        exchange.body_offset += count;
        return count;
    } catch (...) {  // edge: C callback
        exchange.failure = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

/// curl rewinds a body when a kept connection turns out to be dead.
int on_seek(void* user, curl_off_t offset, int origin) noexcept {
    auto& exchange = *static_cast<Exchange*>(user);
    const auto target = static_cast<std::size_t>(offset);
    if (exchange.request.read_body || origin != SEEK_SET || target > exchange.request.body.size()) {
        return CURL_SEEKFUNC_CANTSEEK;
    }
    exchange.body_offset = target;
    return CURL_SEEKFUNC_OK;
}

int on_transfer(void* user, curl_off_t total, curl_off_t received, curl_off_t,
                curl_off_t sent) noexcept {
    auto& exchange = *static_cast<Exchange*>(user);
    try {
        const auto now = SteadyClock::now();
        if (received + sent != exchange.last_bytes) {
            exchange.last_bytes = received + sent;
            exchange.last_change = now;
        } else if (exchange.request.stall_timeout.count() > 0 &&
                   now - exchange.last_change > exchange.request.stall_timeout) {
            exchange.stalled = true;
            return 1;
        }
        constexpr auto pace = std::chrono::milliseconds(100);
        if (!exchange.request.on_progress || now - exchange.last_progress < pace) return 0;
        exchange.last_progress = now;
        const HttpProgress progress{static_cast<std::uint64_t>(received),
                                    static_cast<std::uint64_t>(total),
                                    static_cast<std::uint64_t>(sent)};
        exchange.cancelled = !exchange.request.on_progress(progress);
        return exchange.cancelled ? 1 : 0;
    } catch (...) {  // edge: C callback
        exchange.failure = std::current_exception();
        return 1;
    }
}

struct HeaderList {
    curl_slist* list = nullptr;
    HeaderList() = default;
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() { curl_slist_free_all(list); }
    void add(const std::string& line) {
        if (line.find_first_of("\r\n") != std::string::npos) {
            throw Error(ErrorCode::usage, "cannot send an HTTP header that contains a line break");
        }
        curl_slist* const longer = curl_slist_append(list, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        list = longer;
    }
};

class CurlClient final : public HttpClient {
public:
    CurlClient() : handle_(curl_easy_init()) {
        if (handle_ == nullptr) throw Error(ErrorCode::failed, "cannot start libcurl");
    }
    ~CurlClient() override { curl_easy_cleanup(handle_); }
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    HttpResponse send(const HttpRequest& request) override;

private:
    void set_target(const HttpRequest& request);
    void set_method(const HttpRequest& request);
    void set_auth(const HttpRequest& request);
    void set_callbacks(Exchange& exchange);
    template <typename T>
    void set(CURLoption option, T value) {
        const CURLcode code = curl_easy_setopt(handle_, option, value);
        if (code != CURLE_OK) {
            throw Error(ErrorCode::failed,
                        fmt::format("cannot set up an HTTP request: {}", curl_easy_strerror(code)));
        }
    }
    [[noreturn]] void fail(const Exchange& exchange, CURLcode code) const;

    CURL* handle_;
    std::array<char, CURL_ERROR_SIZE> reason_{};
};

void CurlClient::set_target(const HttpRequest& request) {
    const bool secure = to_lower(request.url.substr(0, 6)) == "https:";
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    const bool reads_only = request.method == "GET" || request.method == "HEAD";
    set(CURLOPT_FOLLOWLOCATION, request.follow_redirects && reads_only ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, 10L);
    if (!request.unix_socket.empty()) {
        set(CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
        set(CURLOPT_PROXY, "");
    }
    if (!request.ca_file.empty()) set(CURLOPT_CAINFO, request.ca_file.c_str());
    if (request.any_name) set(CURLOPT_SSL_VERIFYHOST, 0L);
    if (request.resume_from > 0) {
        set(CURLOPT_RANGE, fmt::format("{}-", request.resume_from).c_str());
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "hab");
    set(CURLOPT_ERRORBUFFER, reason_.data());
}

void CurlClient::set_method(const HttpRequest& request) {
    static constexpr std::array known{"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"};
    if (std::find(known.begin(), known.end(), request.method) == known.end()) {
        throw Error(ErrorCode::usage,
                    fmt::format("cannot send an HTTP request with method '{}'", request.method));
    }
    const bool must_have_body =
        request.method == "PUT" || request.method == "POST" || request.method == "PATCH";
    if (request.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else if (must_have_body || request.read_body || !request.body.empty()) {
        // UPLOAD + CUSTOMREQUEST treats all methods alike, chunked bodies of unknown length
        // included.
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
        if (!request.read_body) {
            set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        } else {
            if (request.body_size) {
                set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(*request.body_size));
            }
            set(CURLOPT_FRESH_CONNECT, 1L);  // a streamed body cannot be sent again
        }
    } else if (request.method != "GET") {
        set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
}

void CurlClient::set_auth(const HttpRequest& request) {
    if (!request.bearer_token.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        set(CURLOPT_XOAUTH2_BEARER, request.bearer_token.c_str());
    } else if (!request.user.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_USERNAME, request.user.c_str());
        set(CURLOPT_PASSWORD, request.password.c_str());
    }
}

void CurlClient::set_callbacks(Exchange& exchange) {
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, &exchange);
    set(CURLOPT_WRITEFUNCTION, &on_data);
    set(CURLOPT_WRITEDATA, &exchange);
    set(CURLOPT_READFUNCTION, &on_read);
    set(CURLOPT_READDATA, &exchange);
    set(CURLOPT_SEEKFUNCTION, &on_seek);
    set(CURLOPT_SEEKDATA, &exchange);
    set(CURLOPT_XFERINFOFUNCTION, &on_transfer);
    set(CURLOPT_XFERINFODATA, &exchange);
    set(CURLOPT_NOPROGRESS, 0L);
}

HttpResponse CurlClient::send(const HttpRequest& request) {
    curl_easy_reset(handle_);  // options only: connections, cookies and the DNS cache stay
    reason_.front() = '\0';
    set_target(request);
    set_method(request);
    set_auth(request);
    HeaderList headers;
    for (const auto& [name, value] : request.headers)
        headers.add(name + ": " + value);
    headers.add("Expect:");  // many small servers ignore it, and curl would wait a second
    set(CURLOPT_HTTPHEADER, headers.list);
    Exchange exchange{.request = request, .handle = handle_};
    set_callbacks(exchange);
    const CURLcode code = curl_easy_perform(handle_);
    if (code != CURLE_OK) fail(exchange, code);
    exchange.show_head();
    char* url = nullptr;
    curl_easy_getinfo(handle_, CURLINFO_EFFECTIVE_URL, &url);
    exchange.response.url = url != nullptr ? url : request.url;
    return std::move(exchange.response);
}

void CurlClient::fail(const Exchange& exchange, CURLcode code) const {
    if (exchange.failure) std::rethrow_exception(exchange.failure);
    const HttpRequest& request = exchange.request;
    const std::string what =
        fmt::format("cannot {} {}", request.method, printable_url(request.url));
    const std::string reason = reason_.front() != '\0' ? reason_.data() : curl_easy_strerror(code);
    if (exchange.cancelled) throw Error(ErrorCode::cancelled, what + ": cancelled");
    if (exchange.too_large) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}: the answer is larger than {} bytes", what, request.max_body));
    }
    if (exchange.stalled) {
        throw Error(
            ErrorCode::timeout,
            fmt::format("{}: nothing moved for {} s", what,
                        std::chrono::ceil<std::chrono::seconds>(request.stall_timeout).count()),
            "Check the network and the server, then try again.");
    }
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            throw Error(ErrorCode::timeout, fmt::format("{}: {}", what, reason),
                        "Check the network and the server, then try again.");
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            throw Error(ErrorCode::usage, fmt::format("{}: {}", what, reason),
                        "The address must begin with http:// or https://.");
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
            throw Error(ErrorCode::invalid_input, fmt::format("{}: {}", what, reason),
                        "The server at this address does not speak HTTP.");
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            throw Error(ErrorCode::io, fmt::format("{}: {}", what, reason),
                        "Install the certificate of the server's authority, or set SSL_CERT_FILE.");
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_CONNECT:
            throw Error(ErrorCode::io, fmt::format("{}: {}", what, reason),
                        "Check the address, the network and the proxy settings.");
        default:
            throw Error(ErrorCode::io, fmt::format("{}: {}", what, reason));
    }
}

}  // namespace

}  // namespace hab::net

extern "C" hab::net::HttpClient* hab_http_module_open() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);  // once, thread-safe
    if (started != CURLE_OK) {
        throw hab::Error(hab::ErrorCode::failed,
                         fmt::format("cannot start libcurl: {}", curl_easy_strerror(started)));
    }
    return std::make_unique<hab::net::CurlClient>().release();
}
