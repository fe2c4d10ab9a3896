// SPDX-License-Identifier: Apache-2.0
#include "net/download.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"

namespace hab::net {

namespace {

/// The partial file and the entity tag that says of what it is a part.
class Partial {
public:
    explicit Partial(const fs::path& target)
        : path_(target.string() + ".part"), tag_path_(target.string() + ".part.etag") {}

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

    /// Opens the file for appending and learns how much of it can be used: all of it if its tag is
    /// known, nothing otherwise.
    void open() {
        fd_ = open_file(path_, O_RDWR | O_CREAT, 0644);
        if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
            throw Error(
                ErrorCode::conflict,
                fmt::format("cannot download to {}: another process is doing it", path_.string()),
                "Wait for the other one to finish, then try again.");
        }
        tag_ = std::string(trim(read_file_if_exists(tag_path_, 4096).value_or("")));
        struct stat info{};
        if (::fstat(fd_.get(), &info) != 0) {
            throw Error::from_errno("cannot examine " + path_.string());
        }
        size_ = static_cast<std::uint64_t>(info.st_size);
        if (tag_.empty()) restart("");
    }
    /// Throws the content away; what follows belongs to `tag`.
    void restart(const std::string& tag) {
        if (::ftruncate(fd_.get(), 0) != 0) {
            throw Error::from_errno("cannot truncate " + path_.string());
        }
        size_ = 0;
        tag_ = tag;
        if (tag.empty()) {
            ::unlink(tag_path_.c_str());
        } else {
            WriteOptions options;
            options.durable = false;  // at worst the download starts anew
            write_file_atomic(tag_path_, tag, options);
        }
    }
    void append(std::span<const std::byte> bytes) {
        if (::lseek(fd_.get(), static_cast<off_t>(size_), SEEK_SET) < 0) {
            throw Error::from_errno("cannot seek in " + path_.string());
        }
        write_all(fd_.get(), bytes, path_.string());
        size_ += bytes.size();
    }
    void finish(const fs::path& target) {
        fd_.reset();
        sync_path(path_);
        rename_path(path_, target);
        ::unlink(tag_path_.c_str());
    }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] const std::string& tag() const noexcept { return tag_; }

private:
    fs::path path_;
    fs::path tag_path_;
    UniqueFd fd_;
    std::uint64_t size_ = 0;
    std::string tag_;
};

/// Only a strong tag proves that the bytes are the same (RFC 9110 section 13.1.5).
std::string strong_tag(const HttpHead& head) {
    const std::string_view tag = head.header("etag");
    return tag.starts_with('"') ? std::string(tag) : std::string();
}

/// One attempt. Returns the status; 416 means that the partial file is not of this entity.
unsigned fetch(HttpClient& client, const std::string& url, Partial& partial,
               const DownloadOptions& options) {
    HttpRequest request;
    request.url = url;
    request.bearer_token = options.bearer_token;
    request.stall_timeout = options.stall_timeout;
    if (partial.tag().empty()) partial.restart("");  // nothing proves that the rest would fit
    const std::uint64_t before = partial.size();
    if (before > 0) {
        request.resume_from = before;
        request.headers.emplace_back("If-Range", partial.tag());
    }
    unsigned status = 0;
    std::uint64_t base = before;
    request.on_head = [&](const HttpHead& head) {
        status = head.status;
        const auto expected_range = fmt::format("bytes {}-", before);
        if (status == 206 && !head.header("content-range").starts_with(expected_range)) {
            throw Error(
                ErrorCode::invalid_input,
                fmt::format("cannot GET {}: the server sent another range than asked", url));
        }
        if (status == 200) {
            partial.restart(strong_tag(head));
            base = 0;
        }
    };
    request.on_body = [&](std::span<const std::byte> bytes) {
        if (status == 200 || status == 206) partial.append(bytes);
    };
    if (options.on_progress) {
        request.on_progress = [&](const HttpProgress& progress) {
            const std::uint64_t total = progress.total == 0 ? 0 : progress.total + base;
            return options.on_progress({progress.received + base, total, progress.sent});
        };
    }
    return client.send(request).head.status;
}

}  // namespace

std::uint64_t download_file(HttpClient& client, const std::string& url,
                            const std::filesystem::path& target, const DownloadOptions& options) {
    Partial partial(target);
    partial.open();
    unsigned status = 0;
    for (unsigned attempt = 1; status == 0; ++attempt) {
        try {
            status = fetch(client, url, partial, options);
        } catch (const Error& error) {
            // A disk error is also `io`, but it carries an errno and would not go away.
            const bool transient = (error.code() == ErrorCode::io && error.system_errno() == 0) ||
                                   error.code() == ErrorCode::timeout;
            if (!transient || attempt >= options.attempts) throw;
        }
        if (status == 416 && partial.size() > 0) {
            partial.restart("");
            status = 0;
        }
    }
    if (status != 200 && status != 206) throw_http_status("download", url, status);
    partial.finish(target);
    return partial.size();
}

}  // namespace hab::net
