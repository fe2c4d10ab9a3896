// SPDX-License-Identifier: Apache-2.0
#include "package/archive_module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/paths.hpp"

namespace hab::package {
namespace {

const ArchiveModule* load_module() {
    const std::string path = (install_prefix() / "lib/hab/modules/hab-archive.so").string();
    // Never unloaded: its threads and thread-local data may outlive any moment that would be right
    // for it.
    void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) {
        const char* const reason = ::dlerror();
        throw Error(
            ErrorCode::failed,
            fmt::format("cannot load the archive module: {}", reason ? reason : path),
            "reinstall hab: this file is a part of it, and libarchive, liblzma and libzstd must be "
            "installed");
    }
    void* const symbol = ::dlsym(handle, archive_module_symbol);
    if (symbol == nullptr) {
        throw Error(
            ErrorCode::failed,
            fmt::format("cannot use the archive module '{}': it belongs to another build", path),
            "reinstall hab as a whole");
    }
    return reinterpret_cast<ArchiveModuleFactory>(symbol)();
}

}  // namespace

const ArchiveModule& archive_module() {
    static const ArchiveModule* const module = load_module();
    return *module;
}

}  // namespace hab::package
