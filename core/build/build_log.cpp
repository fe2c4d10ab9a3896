// SPDX-License-Identifier: Apache-2.0
#include "build/build_log.hpp"

#include <fcntl.h>

#include <utility>

namespace hab::build {

void BuildLog::write(std::string_view text) {
    terminal_.out(text);
    if (fd_) {
        write_all(fd_.get(), text, path_.string());
    } else {
        early_ += text;
    }
}

void BuildLog::open(const fs::path& path) {
    if (fd_) return;
    fd_ = open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    path_ = path;
    write_all(fd_.get(), std::exchange(early_, {}), path_.string());
}

}  // namespace hab::build
