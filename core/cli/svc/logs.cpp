// SPDX-License-Identifier: Apache-2.0
// `hab svc logs`: from the files, so that it works without a supervisor, too.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"
#include "cli/svc/commands.hpp"
#include "cli/svc/log_lines.hpp"
#include "supervisor/why_answer.hpp"

namespace hab::cli {
namespace {

constexpr std::size_t default_lines = 100;

std::optional<std::size_t> read_lines(const Invocation& invocation, bool has_since) {
    const auto text = invocation.args.get("lines");
    if (!text) return has_since ? std::nullopt : std::optional(default_lines);
    const auto number = parse_u64(*text);
    if (number) return static_cast<std::size_t>(*number);
    throw Error(ErrorCode::usage, fmt::format("--lines needs a number, not '{}'", *text));
}

/// The file as it grows, and the one that takes its name when it is rotated.
class Follower {
public:
    Follower(Terminal& terminal, fs::path file) : terminal_(terminal), file_(std::move(file)) {
        watch_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
        if (!watch_ || ::inotify_add_watch(watch_.get(), file_.parent_path().c_str(),
                                           IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
            throw Error::from_errno(fmt::format("cannot follow {}", file_.string()));
        }
        open();
        ::lseek(fd_.get(), 0, SEEK_END);
    }

    [[noreturn]] void run() {
        for (;;) {
            drain();
            pollfd wait{watch_.get(), POLLIN, 0};
            ::poll(&wait, 1, -1);
            std::array<char, 4096> events;
            while (::read(watch_.get(), events.data(), events.size()) > 0) {
            }
        }
    }

private:
    void open() { fd_.reset(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)); }
    void drain() {
        copy();
        struct stat mine{}, named{};
        const bool rotated =
            ::stat(file_.c_str(), &named) == 0 &&
            (!fd_ || (::fstat(fd_.get(), &mine) == 0 &&
                      (mine.st_ino != named.st_ino || mine.st_dev != named.st_dev)));
        if (!rotated) return;
        copy();
        open();
        copy();
    }
    void copy() {
        std::array<char, 16 * 1024> buffer;
        ssize_t count = 0;
        while (fd_ && (count = ::read(fd_.get(), buffer.data(), buffer.size())) > 0)
            terminal_.out({buffer.data(), static_cast<std::size_t>(count)});
    }

    Terminal& terminal_;
    fs::path file_;
    UniqueFd watch_, fd_;
};

}  // namespace

int run_svc_logs(Invocation& invocation) {
    const std::string service = supervisor::service_in(invocation.args.require("SERVICE"));
    const fs::path file = invocation.paths.svc(service) / "logs" / "service.log";
    LogWindow window;
    if (const auto since = invocation.args.get("since"))
        window.since = read_since(*since, invocation.clock.wall());
    window.lines = read_lines(invocation, window.since.has_value());
    const bool follow = invocation.args.flag("follow");
    try {
        if (!follow) {
            invocation.terminal.out(log_lines(file, window));
            return 0;
        }
        // The place to go on from is fixed first: a line may come twice then, but none is missed.
        Follower follower(invocation.terminal, file);
        invocation.terminal.out(log_lines(file, window));
        follower.run();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::denied) throw;
        throw error.with_hint("Logs are for root and the user of the supervisor.");
    }
}

}  // namespace hab::cli
