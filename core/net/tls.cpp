// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/paths.hpp"
#include "net/tls_module.hpp"

namespace hab::net {

namespace {

const TlsModule* load_module() {
    const std::string path = (install_prefix() / "lib/hab/modules/hab-tls.so").string();
    void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) {
        const char* const reason = ::dlerror();
        throw Error(ErrorCode::unsupported,
                    fmt::format("cannot load TLS: {}", reason ? reason : path),
                    "Reinstall hab: this file is a part of it, and OpenSSL must be installed.");
    }
    void* const symbol = ::dlsym(handle, tls_module_symbol);
    if (symbol == nullptr) {
        throw Error(ErrorCode::unsupported,
                    fmt::format("cannot use the TLS module {}: it belongs to another build", path),
                    "Reinstall hab as a whole.");
    }
    return reinterpret_cast<TlsModuleFactory>(symbol)();
}

const TlsModule& module() {
    static const TlsModule* const opened = load_module();  // never unloaded
    return *opened;
}

}  // namespace

std::shared_ptr<TlsContext> open_tls_server(const TlsServerFiles& files) {
    return module().server(files);
}

std::shared_ptr<TlsContext> open_tls_client(const TlsClientFiles& files) {
    return module().client(files);
}

TlsKeyPair generate_tls_key_pair(const std::string& name, int days) {
    return module().generate(name, days);
}

}  // namespace hab::net
