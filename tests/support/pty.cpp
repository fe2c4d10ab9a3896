// SPDX-License-Identifier: Apache-2.0
#include "support/pty.hpp"

#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::test {

RunResult run_on_pty(const std::vector<std::string>& argv, unsigned width,
                     const RunOptions& options) {
    std::vector<char*> words;
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    winsize size{};
    size.ws_row = 24;
    size.ws_col = static_cast<unsigned short>(width);
    int master = -1;
    const pid_t pid = ::forkpty(&master, nullptr, nullptr, &size);
    if (pid < 0) throw Error::from_errno("cannot make a pseudo-terminal");
    if (pid == 0) {
        for (const auto& [key, value] : options.env)
            ::setenv(key.c_str(), value.c_str(), 1);
        if (!options.cwd.empty() && ::chdir(options.cwd.c_str()) != 0) ::_exit(126);
        ::execvp(words[0], words.data());
        ::_exit(127);
    }
    const UniqueFd fd(master);
    // What the person types; the terminal keeps it until the program reads.
    write_all(fd.get(), options.input, "the pseudo-terminal");
    RunResult result;
    char block[4096];
    // A pty ends with EIO when the last process on it has gone.
    for (ssize_t n = 0; (n = ::read(fd.get(), block, sizeof block)) > 0;) {
        result.out.append(block, static_cast<std::size_t>(n));
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

}  // namespace hab::test
