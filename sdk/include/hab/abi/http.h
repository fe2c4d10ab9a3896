// SPDX-License-Identifier: Apache-2.0
//
// hab.http/1: one HTTP client for every plugin: TCP, TLS with the system's trust store, proxies,
// unix sockets, authentication, streaming both ways, resuming downloads.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Body size that is not known beforehand: sent chunked.
#define HAB_HTTP_SIZE_UNKNOWN UINT64_MAX

/// Authentication.
#define HAB_HTTP_AUTH_NONE 0u
#define HAB_HTTP_AUTH_BASIC 1u   ///< auth_user and auth_secret
#define HAB_HTTP_AUTH_BEARER 2u  ///< auth_secret

/// Request flags.
#define HAB_HTTP_NO_REDIRECTS (1u << 0)   ///< show 3xx answers instead of following (up to 10)
#define HAB_HTTP_FAIL_ON_ERROR (1u << 1)  ///< an answer >= 400 makes the call fail

/// What to send. Borrowed for the call. Credentials are never sent to another host on redirect.
typedef struct hab_http_request {
    uint32_t struct_size;
    uint32_t flags;       ///< HAB_HTTP_NO_REDIRECTS …
    uint32_t auth;        ///< HAB_HTTP_AUTH_NONE …
    hab_str method;       ///< "GET", …
    hab_str url;          ///< http or https; with unix_socket the host part only fills the header
    hab_str unix_socket;  ///< path of a socket to connect to instead; empty = TCP
    hab_str ca_file;      ///< PEM file of trusted authorities; empty = the system's
    hab_str auth_user;
    hab_str auth_secret;
    const hab_kv* headers;
    size_t header_count;
    hab_str body;  ///< used if read_body is NULL
    /// Streams a body of body_size bytes: puts up to `size` bytes into buffer, *got = 0 at the end.
    hab_status (*read_body)(void* ctx, void* buffer, size_t size, size_t* got);
    void* read_ctx;
    uint64_t body_size;    ///< with read_body; HAB_HTTP_SIZE_UNKNOWN allowed
    uint64_t resume_from;  ///< ask for the body from this byte on (Range); 0 = from the start
    uint64_t timeout_ms;   ///< of the whole exchange; 0 = none
    uint64_t connect_timeout_ms;  ///< 0 = 10 s
    uint64_t stall_timeout_ms;    ///< no byte either way for this long; 0 = 60 s
} hab_http_request;

/// What came back. The caller sets struct_size and the callbacks; the host fills the numbers.
typedef struct hab_http_response {
    uint32_t struct_size;
    uint32_t status;  ///< of the last answer, e.g. 200; set before the first body byte
    /// Gets each header of the last answer, names in lower case. May be NULL.
    hab_status (*on_header)(void* ctx, hab_str name, hab_str value);
    void* header_ctx;
    hab_sink body;        ///< gets the body as it arrives, undone of its transfer coding
    uint64_t resumed_at;  ///< first byte of the body: resume_from if the server honoured it, else 0
    uint64_t total_bytes;  ///< bytes given to `body`
} hab_http_response;

/// Service "hab.http/1".
typedef struct hab_http_service {
    uint32_t struct_size;
    /// Does the exchange and waits for its end. HAB_STATUS_OK means that a complete answer came,
    /// whatever its status unless HAB_HTTP_FAIL_ON_ERROR; HAB_STATUS_IO if not.
    hab_status (*request)(const hab_host* host, const hab_http_request* request,
                          hab_http_response* response, hab_error* error);
} hab_http_service;

#ifdef __cplusplus
}
#endif
