// SPDX-License-Identifier: Apache-2.0
#include "package/install_status.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "base/error.hpp"

namespace hab::package {

bool has_hook(const InstalledPackage& package, std::string_view hook) {
    std::error_code error;
    return fs::is_regular_file(package.dir() / "hooks" / hook, error);
}

std::optional<int> install_hook_status(const InstalledPackage& package) {
    const auto text = package.meta().read(metafile::install_hook_status);
    if (!text) return std::nullopt;
    int status = 0;
    const char* const end = text->data() + text->size();
    const auto [at, error] = std::from_chars(text->data(), end, status);
    if (error == std::errc() && at == end) return status;
    const fs::path file = package.dir() / metafile::install_hook_status;
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot tell whether the install hook of '{}' has run: '{}' holds no "
                            "exit code",
                            package.ident().to_string(), file.string()),
                "remove that file, then 'hab pkg install' runs the hook again");
}

void write_install_hook_status(const InstalledPackage& package, int exit_code) {
    // What the hook did must outlive a power cut if the word that it has run does.
    const UniqueFd fd = open_file(package.dir(), O_RDONLY | O_DIRECTORY);
    if (::syncfs(fd.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot write '{}' to disk", package.dir().string()));
    }
    write_file_atomic(package.dir() / metafile::install_hook_status, std::to_string(exit_code));
}

std::vector<InstalledPackage> pending_install_hooks(const InstalledPackage& package,
                                                    const InstalledPackages& store) {
    std::vector<InstalledPackage> pending;
    const auto add = [&pending](InstalledPackage each) {
        if (has_hook(each, "install") && install_hook_status(each) != 0)
            pending.push_back(std::move(each));
    };
    const auto tdeps = package.tdeps();
    for (auto ident = tdeps.rbegin(); ident != tdeps.rend(); ++ident) {
        if (store.has(*ident)) add(InstalledPackage(*ident, store.dir_of(*ident)));
    }
    add(package);
    return pending;
}

}  // namespace hab::package
