// SPDX-License-Identifier: Apache-2.0
// hab-bench-pack TREE IDENT OUT: packs and signs a tree and does nothing else, for scripts/bench
// package (in `hab pkg build` the plan's own work would be measured too). Settings come from the
// environment, as in a build; the key is the newest of the ident's origin.
#include <cstdio>

#include "base/error.hpp"
#include "base/paths.hpp"
#include "crypto/key_cache.hpp"
#include "package/hart_writer.hpp"

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: hab-bench-pack TREE IDENT OUT\n", stderr);
        return 2;
    }
    try {
        const auto ident = hab::package::Ident::parse(argv[2]);
        const auto keys = hab::crypto::KeyCache::from(hab::Paths::from_environment());
        const auto written =
            hab::package::write_hart(argv[1], ident, keys.latest_secret_key(ident.origin), argv[3],
                                     hab::package::HartWriteOptions::from_environment());
        std::printf("%llu entries, %llu bytes, artifact of %llu bytes\n",
                    static_cast<unsigned long long>(written.entries),
                    static_cast<unsigned long long>(written.content),
                    static_cast<unsigned long long>(written.size));
        return 0;
    } catch (const hab::Error& error) {
        std::fprintf(stderr, "hab-bench-pack: %s\n", error.what());
        return hab::exit_code(error);
    }
}
