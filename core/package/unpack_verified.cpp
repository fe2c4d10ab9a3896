// SPDX-License-Identifier: Apache-2.0
#include "package/unpack_verified.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"
#include "package/artifact.hpp"
#include "package/origin_trust.hpp"
#include "package/payload_reader.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

constexpr std::string_view pkgs_prefix = "hab/pkgs/";

Ident ident_of_prefix(const std::string& prefix, const std::string& what) {
    auto ident = Ident::try_parse(std::string_view(prefix).substr(pkgs_prefix.size()));
    if (ident) return std::move(*ident);
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("'{}' is not a package: '{}' is not the directory of one", what, prefix),
        "the package was built wrongly: do not use it, and tell its origin");
}

/// Upstream takes any key that is in the cache for any package. Then whoever can get a key into the
/// cache can replace core/glibc; here a key speaks for its own origin only.
void check_signer(const crypto::KeyName& signer, const Ident& ident, const std::string& what) {
    if (signer.name == ident.origin) return;
    throw Error(
        ErrorCode::crypto,
        fmt::format("'{}' holds a package of the origin '{}', but it is signed by the key '{}' of "
                    "the origin '{}'",
                    what, ident.origin, signer.to_string(), signer.name),
        "only keys of its own origin may sign a package: get it from the origin itself, or build "
        "and sign it under your own");
}

void check_metafiles(const fs::path& dir, const Ident& ident, const Target& target,
                     const std::string& what) {
    const Metafiles meta(dir);
    const std::string said = meta.read_or_empty(metafile::ident);
    if (said != ident.to_string()) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("'{}' is not a package: its IDENT says '{}', its files lie in '{}'",
                                what, printable(said), ident.to_string()),
                    "the package was built wrongly: do not use it, and tell its origin");
    }
    const std::string built_for = meta.read_or_empty(metafile::target);
    if (built_for == target.name()) return;
    throw Error(ErrorCode::unsupported,
                fmt::format("'{}' is built for '{}', this is '{}'", what, printable(built_for),
                            target.name()),
                "get the package that was built for this platform");
}

/// Unpacking failed: if the bytes are not what was signed, that is the reason worth telling.
[[noreturn]] void explain_failure(const Error& error, int fd, const crypto::KeyCache& keys,
                                  const std::string& what) {
    if (error.code() == ErrorCode::invalid_input) (void)verify_artifact(fd, keys, what);
    throw error;
}

[[noreturn]] void stopped(const std::string& what) {
    throw Error(ErrorCode::cancelled, fmt::format("unpacking '{}' was stopped", what));
}

}  // namespace

Unpacked unpack_verified(const fs::path& hart, const InstalledPackages& store,
                         const crypto::KeyCache& keys,
                         const std::function<bool(const Ident&)>& begin,
                         const std::function<bool()>& cancelled) {
    const std::string what = hart.string();
    const UniqueFd fd = open_artifact(hart);
    const ArtifactHeader header = read_artifact_header(fd.get(), what);
    const crypto::SigningPublicKey key = keys.public_key(header.key);
    const std::string signed_hash = open_signature(header, key, what);
    const OriginTrust trust = OriginTrust::from(store.paths());
    trust.check(key);
    Unpacked unpacked;
    bool begun = false;
    const auto open_root = [&](const std::string& prefix) {
        unpacked.ident = ident_of_prefix(prefix, what);
        check_signer(header.key, unpacked.ident, what);
        if (!begun && !begin(unpacked.ident)) return -1;
        begun = true;
        unpacked.pending.reset();
        unpacked.pending = PendingInstall::begin(store.dir_of(unpacked.ident));
        unpacked.busy = !unpacked.pending;
        return unpacked.busy ? -1 : unpacked.pending->fd();
    };
    UnpackOptions options;
    options.keep_set_id = ::geteuid() == 0;
    std::string actual_hash;
    const auto unpack = [&] {
        PayloadReader payload(fd.get(), header.length, what);
        const auto source = [&, read = payload.source()](std::span<std::byte> buffer) {
            if (cancelled && cancelled()) stopped(what);
            return read(buffer);
        };
        unpacked.result = archive_module().unpack(source, what, open_root, options);
        if (!unpacked.result.stopped) actual_hash = payload.finish_hash();
    };
    try {
        unpack();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::unsupported) explain_failure(error, fd.get(), keys, what);
        // It needs more memory than a stranger may make us use: hash it first, then try again.
        (void)verify_artifact(fd.get(), keys, what);
        options.limits = ReadLimits::verified();
        unpack();
    }
    if (unpacked.result.stopped) return unpacked;
    fail_point("install.unpacked", what);
    require_same_hash(signed_hash, actual_hash, what);
    unpacked.payload_hash = signed_hash;
    check_metafiles(unpacked.pending->path(), unpacked.ident, store.target(), what);
    trust.admit(key);
    fail_point("install.verified", what);
    return unpacked;
}

void require_wanted(const fs::path& hart, const Ident& holds, const Ident& wanted) {
    if (holds == wanted) return;
    throw Error(ErrorCode::invalid_input,
                fmt::format("'{}' holds the package '{}', not '{}' as its name says", hart.string(),
                            holds.to_string(), wanted.to_string()),
                "remove the file or give it its right name");
}

void finish_root(const Unpacked& unpacked) {
    const int fd = unpacked.pending->fd();
    timespec time{};
    time.tv_sec = static_cast<time_t>(unpacked.result.root_mtime);
    const timespec times[2] = {time, time};
    if (::fchmod(fd, unpacked.result.root_mode) != 0 || ::futimens(fd, times) != 0) {
        throw Error::from_errno(
            fmt::format("cannot set the mode of '{}'", unpacked.pending->path().string()));
    }
}

bool put_in_place(Unpacked& unpacked, const InstalledPackages& store) {
    if (unpacked.pending->place()) return true;
    if (store.has(unpacked.ident)) return false;
    throw Error(
        ErrorCode::conflict,
        fmt::format("cannot install '{}': '{}' is in the way and is not an installed package",
                    unpacked.ident.to_string(), store.dir_of(unpacked.ident).string()),
        "look at what is there, move it away, and try again");
}

void copy_artifact(const fs::path& from, const fs::path& to, const std::string& payload_hash,
                   const crypto::KeyCache& keys) {
    PendingFile out(to);
    const UniqueFd in = open_file(from, O_RDONLY);
    for (;;) {
        const ssize_t n = ::sendfile(out.fd(), in.get(), nullptr, 1u << 30);
        if (n == 0) break;
        if (n < 0)
            throw Error::from_errno(
                fmt::format("cannot copy '{}' to '{}'", from.string(), to.string()));
    }
    if (::fchmod(out.fd(), 0644) != 0) {
        throw Error::from_errno(fmt::format("cannot set the mode of '{}'", to.string()));
    }
    const auto copied = verify_artifact(out.fd(), keys, from.string());
    require_same_hash(payload_hash, copied.payload_hash, from.string());
    out.place();
}

}  // namespace hab::package
