// SPDX-License-Identifier: Apache-2.0
#include "package/pins.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "package/ordering.hpp"

namespace hab::package {
namespace {

constexpr std::size_t max_pin_size = 4096;

Ident read_pin(const fs::path& path, std::string_view text) {
    auto ident = Ident::try_parse(trim(text));
    if (ident) return std::move(*ident);
    throw Error(ErrorCode::invalid_input,
                fmt::format("'{}' is not a pin: it holds no package identifier", path.string()),
                "remove the file, and pin again what it was meant for with 'hab pkg pin'");
}

}  // namespace

fs::path Pins::file_of(const Ident& ident) const {
    // A name of its own for every ident, which people can read.
    const std::string plain = replace_all(ident.to_string(), "%", "%25");
    return dir_ / replace_all(plain, "/", "%2F");
}

std::vector<Ident> Pins::list() const {
    std::vector<Ident> pins;
    std::error_code error;
    for (fs::directory_iterator it(dir_, error), end; !error && it != end; it.increment(error)) {
        if (it->path().filename().string().starts_with('.')) continue;  // being written
        // Unpinned while we looked: not there.
        if (const auto text = read_file_if_exists(it->path(), max_pin_size))
            pins.push_back(read_pin(it->path(), *text));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        throw Error::from_errno(fmt::format("cannot list '{}'", dir_.string()), error.value());
    }
    sort_by_parts(pins);
    return pins;
}

bool Pins::add(const Ident& ident) const {
    make_directories(dir_);
    return write_file_if_changed(file_of(ident), ident.to_string() + "\n");
}

bool Pins::remove(const Ident& ident) const {
    const fs::path path = file_of(ident);
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return false;
        throw Error::from_errno(fmt::format("cannot remove '{}'", path.string()));
    }
    sync_path(dir_);
    return true;
}

}  // namespace hab::package
