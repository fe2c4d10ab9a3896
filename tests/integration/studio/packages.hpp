// SPDX-License-Identifier: Apache-2.0
// Packages made of this machine's own programs, put straight below /hab/pkgs: enough for a studio
// or an exported tree to run something.
#pragma once

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {

class PackageWorld : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        HAB_REQUIRE(run({"sh", "-c", "command -v patchelf && command -v ldd"}).exit_code == 0,
                    "patchelf and ldd make the packages of these tests");
        package("bash", {"bash"});
        package("coreutils", {"cat", "ls", "mkdir", "sleep", "touch", "env"});
    }

    /// "core/NAME/1/20260101000000" with programs that use only the libraries inside the package.
    static void package(const std::string& name, const std::vector<std::string>& programs) {
        const std::string prefix = prefix_of(name);
        std::string script =
            "set -e; mkdir -p " + prefix + "/bin " + prefix + "/lib; cd " + prefix + "\n";
        for (const std::string& program : programs) {
            script += "cp -L \"$(command -v " + program +
                      ")\" bin/\n"
                      "for lib in $(ldd bin/" +
                      program +
                      " | grep -o '/[^ ]*'); do cp -nL $lib lib/; done\n"
                      "patchelf --force-rpath --set-interpreter " +
                      prefix + "/lib/ld-linux-x86-64.so.2 --set-rpath " + prefix + "/lib bin/" +
                      program + "\n";
        }
        const std::string ident = prefix.substr(std::string("/hab/pkgs/").size());
        script += "echo " + ident + " > IDENT; echo x86_64-linux > TARGET; echo " + prefix +
                  "/bin > PATH\n";
        const RunResult done = run({"bash", "-c", script});
        ASSERT_EQ(done.exit_code, 0) << done.err;
    }
    static std::string prefix_of(const std::string& name) {
        return "/hab/pkgs/core/" + name + "/1/20260101000000";
    }

    RunResult hab(std::vector<std::string> words, std::map<std::string, std::string> env = {},
                  std::string input = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words,
                   {.env = std::move(env), .cwd = dir_.path().string(), .input = std::move(input)});
    }
    [[nodiscard]] const fs::path& dir() const { return dir_.path(); }

private:
    TempDir dir_;
};

}  // namespace hab::test
