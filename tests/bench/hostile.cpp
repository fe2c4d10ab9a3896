// SPDX-License-Identifier: Apache-2.0
// hab-bench-hostile HAB DIR: runs `pkg install|info|verify|header` of a release-built hab on every
// hostile archive and prints the peak of resident memory of each command. Exit code 1 if one takes more
// than 64 MiB, ends with another exit code than it should, or dies.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "crypto/key_cache.hpp"
#include "hostile/corpus.hpp"
#include "package/artifact.hpp"

namespace {

namespace fs = std::filesystem;

constexpr long max_kilobytes = 64 * 1024;

struct Run {
    int exit_code;
    long kilobytes;
};

Run run(const std::string& hab, const char* command, const std::string& hart) {
    const pid_t child = ::fork();
    if (child == 0) {
        const int nothing = ::open("/dev/null", O_WRONLY);
        ::dup2(nothing, STDOUT_FILENO);
        ::dup2(nothing, STDERR_FILENO);
        ::execl(hab.c_str(), "hab", "pkg", command, hart.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), usage.ru_maxrss};
}

int run_all(const std::string& hab, const fs::path& dir) {
    const std::array commands = {"install", "info", "verify", "header"};
    fs::create_directories(dir / "outside");
    hab::write_file_atomic(dir / "outside" / "victim", "untouched");
    const hab::SystemClock clock;
    const auto pair = hab::crypto::SigningKeyPair::generate("acme", clock.wall());
    hab::crypto::KeyCache(dir / "keys").store(pair);
    ::setenv("HAB_CACHE_KEY_PATH", (dir / "keys").c_str(), 1);
    // Where users other than root have their caches and the keys they trust.
    ::setenv("HOME", (dir / "home").c_str(), 1);
    ::setenv("FS_ROOT", (dir / "root").c_str(), 1);
    const auto corpus = hab::hostile::corpus((dir / "outside").string());
    std::array<long, 4> worst{};
    std::array<std::string, 4> by;
    int bad = 0;
    const fs::path hart = dir / "hostile.hart";
    for (const auto& archive : corpus) {
        hab::write_file_atomic(hart, hab::package::sign_text(archive.payload(), pair.secret_key));
        const std::array expected = {archive.install.empty() ? 0 : 1, archive.info.empty() ? 0 : 1,
                                     0, 0};
        for (std::size_t i = 0; i < commands.size(); ++i) {
            const Run done = run(hab, commands[i], hart.string());
            if (done.kilobytes > worst[i]) by[i] = archive.name;
            worst[i] = std::max(worst[i], done.kilobytes);
            if (done.exit_code == expected[i] && done.kilobytes <= max_kilobytes) continue;
            std::printf("%s: hab pkg %s ended with %d (expected %d), %ld KiB\n",
                        archive.name.c_str(), commands[i], done.exit_code, expected[i],
                        done.kilobytes);
            ++bad;
        }
        fs::remove_all(dir / "root");
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
        std::printf("%zu hostile archives, hab pkg %-8s peak %5.1f MiB (%s)\n", corpus.size(),
                    commands[i], static_cast<double>(worst[i]) / 1024, by[i].c_str());
    }
    return bad == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: hab-bench-hostile HAB DIR\n", stderr);
        return 2;
    }
    try {
        return run_all(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hab-bench-hostile: %s\n", error.what());
        return 1;
    }
}
