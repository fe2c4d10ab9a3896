// SPDX-License-Identifier: Apache-2.0
#include "base/temp_dir.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/tree.hpp"

namespace hab {

TempDir::TempDir(std::string_view prefix, const fs::path& parent) {
    fs::path where = parent;
    if (where.empty()) {
        const char* tmp = ::secure_getenv("TMPDIR");
        where = tmp != nullptr && *tmp != '\0' ? tmp : "/tmp";
    }
    std::string name = (where / fmt::format("{}XXXXXX", prefix)).string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw Error::from_errno(
            fmt::format("cannot create a temporary directory in '{}'", where.string()));
    }
    path_ = name;
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempDir::~TempDir() {
    if (path_.empty()) return;
    try {
        remove_tree(path_);
    } catch (const Error& error) {
        log::warn("files", "{}", error.what());
    }
}

fs::path TempDir::release() noexcept {
    return std::exchange(path_, {});
}

}  // namespace hab
