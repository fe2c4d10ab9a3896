// SPDX-License-Identifier: Apache-2.0
// A file from a URL: to a partial file beside the target, resumed when possible, renamed when
// whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "net/http_client.hpp"

namespace hab::net {

struct DownloadOptions {
    std::string bearer_token;
    /// As HttpRequest::on_progress; a resumed part counts as received.
    std::function<bool(const HttpProgress&)> on_progress;
    /// No byte for so long ends an attempt.
    std::chrono::milliseconds stall_timeout{60'000};
    unsigned attempts =
        3;  ///< after a connection that broke; each goes on where the last one stopped
};

/// Fetches `url` into `target` (created or replaced atomically; its directory must exist). Bytes
/// are kept in `<target>.part` while under way; with `<target>.part.etag` beside it a later call
/// resumes, provided the server still has the same entity. Throws Error: as HttpClient::send, and
/// throw_http_status for anything but 200/206. Returns the size in bytes.
std::uint64_t download_file(HttpClient& client, const std::string& url,
                            const std::filesystem::path& target,
                            const DownloadOptions& options = {});

}  // namespace hab::net
