// SPDX-License-Identifier: Apache-2.0
// Small packages with any files, for tests that install and uninstall them with `hab`.
#pragma once

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "crypto/key_cache.hpp"
#include "package/hart_writer.hpp"
#include "package/metafiles.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {

class PackageWorld : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped()) return;
        keys_.store(pair_);
        fs::create_directories(work_);
    }
    static RunResult hab(std::vector<std::string> words, RunOptions options = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, options);
    }
    /// Text of a file, or "none".
    static std::string text_of(const fs::path& path) {
        return read_file_if_exists(path).value_or("none");
    }

    using Files = std::map<std::string, std::string>;
    /// A signed artifact in work_. `tdeps` are its DEPS, too. Files below hooks/ are executable, and
    /// hooks run as root unless the files say otherwise.
    fs::path make(const std::string& text, const std::vector<std::string>& tdeps = {},
                  const Files& files = {}) {
        const package::Ident ident = package::Ident::parse(text);
        std::vector<package::Ident> deps;
        for (const std::string& dep : tdeps)
            deps.push_back(package::Ident::parse(dep));
        const fs::path tree = work_ / "tree";
        fs::remove_all(tree);
        fs::create_directories(tree / "bin");
        package::write_metafile(tree, "IDENT", ident.to_string());
        package::write_metafile(tree, "TARGET", package::Target::active().name());
        package::write_metafile(tree, "DEPS", deps);
        package::write_metafile(tree, "TDEPS", deps);
        package::write_metafile(tree, "PATH", "/" + ident.relative_path() + "/bin");
        package::write_metafile(tree, "RUNTIME_PATH", "/" + ident.relative_path() + "/bin");
        write_file_atomic(tree / "bin" / ident.name, "#!/bin/sh\n", {.mode = 0755});
        package::write_metafile(tree, "SVC_USER", "root");
        package::write_metafile(tree, "SVC_GROUP", "root");
        for (const auto& [name, content] : files) {
            fs::create_directories((tree / name).parent_path());
            const bool hook = name.starts_with("hooks/");
            write_file_atomic(tree / name, content, {.mode = hook ? mode_t{0755} : mode_t{0644}});
        }
        package::HartWriteOptions options;
        options.compression = {package::Compression::zstd, 1};
        const fs::path out = work_ / ident.archive_name(package::Target::active());
        package::write_hart(tree, ident, pair_.secret_key, out, options);
        return out;
    }
    static fs::path dir_of(const std::string& ident) { return "/hab/pkgs/" + ident; }

    const fs::path work_ = "/hab/work";
    const crypto::KeyCache keys_{"/hab/cache/keys"};
    const crypto::SigningKeyPair pair_ =
        crypto::SigningKeyPair::generate("acme", SystemClock().wall());
    const std::string lib_ = "acme/lib/1.0/20260101000000";
    const std::string app_ = "acme/app/2.0/20260101000000";
};

}  // namespace hab::test
