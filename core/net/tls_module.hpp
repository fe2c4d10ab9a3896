// SPDX-License-Identifier: Apache-2.0
// The one symbol between hab and its private module hab-tls.so. Both come from one build: C++ types
// and hab::Error cross this edge.
#pragma once

#include "net/tls.hpp"

namespace hab::net {

class TlsModule {
public:
    virtual ~TlsModule() = default;
    [[nodiscard]] virtual std::shared_ptr<TlsContext> server(const TlsServerFiles& files) const = 0;
    [[nodiscard]] virtual std::shared_ptr<TlsContext> client(const TlsClientFiles& files) const = 0;
    [[nodiscard]] virtual TlsKeyPair generate(const std::string& name, int days) const = 0;
};

inline constexpr const char* tls_module_symbol = "hab_tls_module";
using TlsModuleFactory = const TlsModule* (*)();

}  // namespace hab::net

extern "C" [[gnu::visibility("default")]] const hab::net::TlsModule* hab_tls_module();
