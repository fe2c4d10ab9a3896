// SPDX-License-Identifier: Apache-2.0
#include "net/download.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/file.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "unit/net/server_thread.hpp"

namespace hab::net {
namespace {

using test::ServerThread;

const std::string content = std::string(1000, 'a') + std::string(1000, 'b');

/// A file server with ranges and entity tags, as RFC 9110 says; counts what it was asked.
struct FileServer {
    std::string tag = "\"v1\"";
    int requests = 0;
    int ranges = 0;
    int failures = 0;  ///< how many requests are still to be answered with 503

    HttpServerResponse operator()(const HttpServerRequest& request) {
        ++requests;
        if (request.path != "/f") return {.status = 404};
        if (failures > 0) {
            --failures;
            return {.status = 503};
        }
        const auto range = find_header(request.headers, "Range");
        const bool same = find_header(request.headers, "If-Range") == tag;
        HttpServerResponse response;
        if (!range.empty() && same) {
            ++ranges;
            const auto from = parse_u64(range.substr(6, range.size() - 7)).value_or(0);
            if (from >= content.size()) return {.status = 416};
            response = HttpServerResponse::text(206, content.substr(from));
            response.headers.emplace_back("Content-Range",
                                          "bytes " + std::to_string(from) + "-1999/2000");
        } else {
            response = HttpServerResponse::text(200, content);
        }
        if (!tag.empty()) response.headers.emplace_back("ETag", tag);
        return response;
    }
};

class DownloadTest : public testing::Test {
protected:
    std::uint64_t download(std::string_view path = "/f") {
        return download_file(*client_, server_.url(path), target_);
    }
    void leave_part(std::string_view bytes, std::string_view tag) {
        write_file_atomic(target_.string() + ".part", bytes);
        if (!tag.empty()) write_file_atomic(target_.string() + ".part.etag", tag);
    }
    /// Nothing but the file may be left in the directory.
    void expect_only_the_file() {
        int entries = 0;
        for ([[maybe_unused]] const auto& entry : fs::directory_iterator(dir_.path()))
            ++entries;
        EXPECT_EQ(entries, 1);
        EXPECT_EQ(read_file(target_), content);
    }

    TempDir dir_{"download-"};
    fs::path target_ = dir_.path() / "file";
    FileServer files_;
    ServerThread server_{[this](const HttpServerRequest& request) { return files_(request); }};
    std::unique_ptr<HttpClient> client_ = open_http_client();
};

TEST_F(DownloadTest, FetchesAWholeFile) {
    EXPECT_EQ(download(), 2000u);
    expect_only_the_file();
}

TEST_F(DownloadTest, GoesOnWhereAnEarlierOneStopped) {
    leave_part(content.substr(0, 700), "\"v1\"");
    EXPECT_EQ(download(), 2000u);
    EXPECT_EQ(files_.ranges, 1);
    expect_only_the_file();
}

TEST_F(DownloadTest, StartsAnewWhenTheFileHasChangedOnTheServer) {
    leave_part("something else", "\"v0\"");
    EXPECT_EQ(download(), 2000u);
    EXPECT_EQ(files_.ranges, 0);
    expect_only_the_file();
}

TEST_F(DownloadTest, DoesNotTrustAPartWithoutATag) {
    leave_part("something else", "");
    EXPECT_EQ(download(), 2000u);
    expect_only_the_file();
}

TEST_F(DownloadTest, StartsAnewWhenThePartIsLongerThanTheFile) {
    leave_part(content + "more", "\"v1\"");
    EXPECT_EQ(download(), 2000u);
    expect_only_the_file();
}

TEST_F(DownloadTest, WorksWithAServerWithoutTags) {
    files_.tag.clear();
    EXPECT_EQ(download(), 2000u);
    expect_only_the_file();
}

TEST_F(DownloadTest, LeavesTheOldFileWhenTheServerRefuses) {
    write_file_atomic(target_, "old");
    try {
        (void)download("/missing");
        FAIL() << "downloaded what is not there";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.message(), testing::HasSubstr("404 (Not Found)"));
    }
    EXPECT_EQ(read_file(target_), "old");
}

TEST_F(DownloadTest, SaysThatAnotherProcessIsAtIt) {
    const UniqueFd other = open_file(target_.string() + ".part", O_RDWR | O_CREAT, 0644);
    ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
    try {
        (void)download();
        FAIL() << "two downloads wrote one file";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
    }
}

TEST_F(DownloadTest, ReportsProgressOfTheWholeFile) {
    leave_part(content.substr(0, 700), "\"v1\"");
    DownloadOptions options;
    std::uint64_t last = 0;
    options.on_progress = [&](const HttpProgress& progress) {
        last = progress.received;
        return true;
    };
    (void)download_file(*client_, server_.url("/f"), target_, options);
    EXPECT_GE(last, 700u);
}

}  // namespace
}  // namespace hab::net
