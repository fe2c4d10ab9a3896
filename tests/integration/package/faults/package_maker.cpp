// SPDX-License-Identifier: Apache-2.0
#include "package_maker.hpp"

#include "base/clock.hpp"
#include "base/temp_dir.hpp"
#include "crypto/key_cache.hpp"
#include "package/hart_writer.hpp"
#include "package/metafiles.hpp"

namespace hab::test {

using package::Ident;
using package::Target;

PackageMaker::PackageMaker()
    : keys_(crypto::SigningKeyPair::generate("acme", SystemClock().wall())) {
    crypto::KeyCache("/hab/cache/keys").import(keys_.public_key.to_text(), "the test's key");
}

fs::path PackageMaker::make(const PackageSpec& spec, const fs::path& dir) const {
    const Ident ident = Ident::parse(spec.ident);
    const TempDir tree("hab-fault-package-");
    std::vector<Ident> deps;
    for (const std::string& dep : spec.tdeps)
        deps.push_back(Ident::parse(dep));
    const std::string prefix = "/" + ident.relative_path();
    make_directories(tree.path() / "bin");
    package::write_metafile(tree.path(), "IDENT", ident.to_string());
    package::write_metafile(tree.path(), "TARGET", Target::active().name());
    package::write_metafile(tree.path(), "DEPS", deps);
    package::write_metafile(tree.path(), "TDEPS", deps);
    package::write_metafile(tree.path(), "PATH", prefix + "/bin");
    write_file_atomic(tree.path() / "bin" / ident.name, "#!/bin/sh\necho " + spec.ident + "\n",
                      WriteOptions{.mode = 0755});
    for (const auto& [name, text] : spec.files) {
        make_directories((tree.path() / name).parent_path());
        const mode_t mode = name.starts_with("hooks/") ? 0755 : 0644;
        write_file_atomic(tree.path() / name, text, WriteOptions{.mode = mode});
    }
    make_directories(dir);
    package::HartWriteOptions options;
    options.compression = {package::Compression::zstd, 1};
    const fs::path out = dir / ident.archive_name(Target::active());
    package::write_hart(tree.path(), ident, keys_.secret_key, out, options);
    return out;
}

}  // namespace hab::test
