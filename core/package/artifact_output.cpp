// SPDX-License-Identifier: Apache-2.0
#include "package/artifact_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "package/artifact.hpp"

namespace hab::package {
namespace {

constexpr std::uint64_t early_write_size = 4u << 20;

void write_at_start(int fd, std::string_view text, std::string_view what) {
    const ssize_t n = ::pwrite(fd, text.data(), text.size(), 0);
    if (n != static_cast<ssize_t>(text.size())) {
        throw Error::from_errno(fmt::format("cannot write the header of '{}'", what));
    }
}

}  // namespace

ArtifactOutput::ArtifactOutput(const fs::path& path, const crypto::SigningSecretKey& key)
    : file_(path), key_(key), size_(artifact_header_length(key.name())) {
    if (::lseek(file_.fd(), static_cast<off_t>(size_), SEEK_SET) < 0) {
        throw Error::from_errno(fmt::format("cannot seek in '{}'", path.string()));
    }
}

void ArtifactOutput::append(std::span<const std::byte> payload) {
    fail_point("artifact.write", file_.path().native());
    hash_.update(payload);
    write_all(file_.fd(), payload, file_.path().native());
    size_ += payload.size();
    if (size_ - started_ < early_write_size) return;
    // A hint to the kernel, so that little is left for the fsync at the end.
    (void)::sync_file_range(file_.fd(), static_cast<off_t>(started_),
                            static_cast<off_t>(size_ - started_), SYNC_FILE_RANGE_WRITE);
    started_ = size_;
}

std::string ArtifactOutput::commit() {
    const std::string hash = to_hex(hash_.finish());
    const fs::path& path = file_.path();
    fail_point("artifact.header", path.native());
    write_at_start(file_.fd(), make_artifact_header(hash, key_), path.native());
    if (::fchmod(file_.fd(), 0644) != 0) {
        throw Error::from_errno(fmt::format("cannot set the mode of '{}'", path.string()));
    }
    file_.sync();
    file_.place();
    sync_path(path.has_parent_path() ? path.parent_path() : ".");
    return hash;
}

void sign_file(const fs::path& source, const fs::path& destination,
               const crypto::SigningSecretKey& key) {
    const UniqueFd in = open_file(source, O_RDONLY);
    ArtifactOutput out(destination, key);
    std::vector<std::byte> block(1u << 20);
    for (;;) {
        const ssize_t n = ::read(in.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error::from_errno(fmt::format("cannot read '{}'", source.string()));
        if (n == 0) break;
        out.append(std::span(block).first(static_cast<std::size_t>(n)));
    }
    out.commit();
}

}  // namespace hab::package
