// SPDX-License-Identifier: Apache-2.0
#include "unit/package/fixture.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "package/artifact.hpp"

namespace hab::package {
namespace {

constexpr std::int64_t new_year_2026 = 1767225600;

}  // namespace

Ident ident(std::string_view text) {
    return Ident::parse(text);
}

bool becomes_true(const std::atomic<bool>& flag) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!flag && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    return flag;
}

PackageTest::PackageTest()
    : keys_(dir_.path() / "keys"),
      pair_(
          crypto::SigningKeyPair::generate("acme", WallTime{std::chrono::seconds(new_year_2026)})),
      store_(Paths(dir_.path() / "root")) {
    // Caches and trusted keys of users other than root are below their home.
    ::setenv("HOME", dir_.path().c_str(), 1);
    keys_.store(pair_);
    fast_.compression = {Compression::zstd, 1};
    fast_.newest_mtime = WallTime{std::chrono::seconds(new_year_2026)};
}

fs::path PackageTest::make_tree(const Ident& ident, const std::vector<Ident>& tdeps) {
    const fs::path tree = dir_.path() / "trees" / ident.relative_path();
    fs::create_directories(tree / "bin");
    write_metafile(tree, metafile::ident, ident.to_string());
    write_metafile(tree, metafile::target, Target::active().name());
    write_metafile(tree, metafile::tdeps, tdeps);
    write_metafile(tree, metafile::deps, tdeps);
    write_metafile(tree, metafile::path, "/" + ident.relative_path() + "/bin");
    write_file_atomic(tree / "bin" / "hello", "#!/bin/sh\necho hello\n",
                      WriteOptions{.mode = 0755, .durable = false});
    fs::remove(tree / "bin" / "hi");
    fs::create_symlink("hello", tree / "bin" / "hi");
    return tree;
}

fs::path PackageTest::install_tree(const Ident& ident, const std::vector<Ident>& deps) {
    fs::path dir = store_.dir_of(ident);
    fs::create_directories(dir.parent_path());
    fs::copy(make_tree(ident, deps), dir,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    return dir;
}

fs::path PackageTest::make_hart(const Ident& ident, const std::vector<Ident>& tdeps) {
    const fs::path artifacts = dir_.path() / "artifacts";
    fs::create_directories(artifacts);
    return write_hart(make_tree(ident, tdeps), ident, pair_.secret_key,
                      artifacts / ident.archive_name(Target::active()), fast_)
        .path;
}

fs::path PackageTest::sign(const std::string& payload, const std::string& origin) {
    const fs::path path = dir_.path() / "signed.hart";
    if (origin == "acme") {
        write_file_atomic(path, sign_text(payload, pair_.secret_key));
        return path;
    }
    const auto other = crypto::SigningKeyPair::generate(origin, SystemClock().wall());
    keys_.store(other);
    write_file_atomic(path, sign_text(payload, other.secret_key));
    return path;
}

bool PackageTest::store_is_empty() const {
    std::error_code error;
    const fs::path pkgs = store_.paths().pkgs();
    return !fs::exists(pkgs) || fs::is_empty(pkgs, error);
}

RawTar& RawTar::add(const std::string& name, char type, const std::string& target,
                    const std::string& content, unsigned mode) {
    char header[512] = {};
    std::memcpy(header, name.data(), std::min<std::size_t>(name.size(), 100));
    const auto put = [&header](std::size_t at, const std::string& text) {
        std::memcpy(header + at, text.data(), text.size());
    };
    put(100, fmt::format("{:07o}", mode));
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", content.size()));
    put(136, fmt::format("{:011o}", 1767225600));
    header[156] = type;
    std::memcpy(header + 157, target.data(), std::min<std::size_t>(target.size(), 100));
    put(257, "ustar");
    put(263, "00");
    put(148, "        ");
    unsigned sum = 0;
    for (const char c : header)
        sum += static_cast<unsigned char>(c);
    put(148, fmt::format("{:06o}", sum));
    header[154] = '\0';
    bytes_.append(header, sizeof header).append(content);
    bytes_.append((512 - content.size() % 512) % 512, '\0');
    return *this;
}

RawTar& RawTar::package(const Ident& ident) {
    const std::string prefix = ident.relative_path();
    directory(prefix + "/");
    file(prefix + "/IDENT", ident.to_string() + "\n");
    return file(prefix + "/TARGET", Target::active().to_string() + "\n");
}

std::string RawTar::payload() const {
    return zstd(bytes_ + std::string(1024, '\0'));
}

std::string zstd(const std::string& bytes) {
    std::string out(::ZSTD_compressBound(bytes.size()), '\0');
    out.resize(::ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
    return out;
}

}  // namespace hab::package
