// SPDX-License-Identifier: Apache-2.0
// A key, a store and small packages to play with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "crypto/key_cache.hpp"
#include "package/hart_writer.hpp"
#include "package/installed.hpp"

namespace hab::package {

class PackageTest : public ::testing::Test {
protected:
    PackageTest();

    /// Writes the tree of a package: metafiles, a program, a link.
    fs::path make_tree(const Ident& ident, const std::vector<Ident>& tdeps = {});
    /// The same tree as an installed package, where the store has it.
    fs::path install_tree(const Ident& ident, const std::vector<Ident>& deps = {});
    /// A signed artifact of such a tree in `dir_` / "artifacts".
    fs::path make_hart(const Ident& ident, const std::vector<Ident>& tdeps = {});
    /// An artifact around any payload, signed with the key of `origin`.
    fs::path sign(const std::string& payload, const std::string& origin = "acme");
    /// Whether nothing of a failed install is left below the store.
    [[nodiscard]] bool store_is_empty() const;

    TempDir dir_;
    crypto::KeyCache keys_;
    crypto::SigningKeyPair pair_;
    InstalledPackages store_;
    HartWriteOptions fast_;
};

Ident ident(std::string_view text);

/// Waits for another thread; false if it takes longer than any machine may.
[[nodiscard]] bool becomes_true(const std::atomic<bool>& flag);

/// The Error that a call throws; fails the test if it throws none.
template <typename Call>
Error error_of(Call&& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorCode::bug, "nothing was thrown");
}

/// Makes tar archives that no honest program writes.
class RawTar {
public:
    RawTar& file(const std::string& name, const std::string& content, unsigned mode = 0644) {
        return add(name, '0', "", content, mode);
    }
    RawTar& directory(const std::string& name) { return add(name, '5', "", "", 0755); }
    RawTar& link(const std::string& name, const std::string& target) {
        return add(name, '2', target, "", 0777);
    }
    RawTar& hard_link(const std::string& name, const std::string& target) {
        return add(name, '1', target, "", 0644);
    }
    RawTar& special(const std::string& name, char type) { return add(name, type, "", "", 0644); }
    /// IDENT and TARGET of a package, so that only what a test adds is wrong.
    RawTar& package(const Ident& ident);
    /// Compressed with zstd.
    [[nodiscard]] std::string payload() const;
    [[nodiscard]] const std::string& tar() const { return bytes_; }

private:
    RawTar& add(const std::string& name, char type, const std::string& target,
                const std::string& content, unsigned mode);
    std::string bytes_;
};

std::string zstd(const std::string& bytes);

}  // namespace hab::package
