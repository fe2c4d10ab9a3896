// SPDX-License-Identifier: Apache-2.0
#include "build/channel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::build {
namespace {

[[noreturn]] void broken(std::string_view why) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot read a request of the build runtime: {}", why),
                "a plan must not write to the files in HAB_BUILD_CONTROL");
}

UniqueFd make_fifo(const fs::path& path, int flags) {
    if (::mkfifo(path.c_str(), 0600) != 0) {
        throw Error::from_errno(fmt::format("cannot make the FIFO '{}'", path.string()));
    }
    return open_file(path, flags | O_NONBLOCK);
}

}  // namespace

std::optional<Request> RequestParser::next() {
    const std::size_t first = buffer_.find('\0');
    if (first == std::string::npos) {
        if (buffer_.size() > 20) broken("it does not begin with a number of fields");
        return std::nullopt;
    }
    const auto count = parse_u64(std::string_view(buffer_).substr(0, first));
    if (!count || *count == 0 || *count > max_fields)
        broken("its number of fields is not sensible");
    std::vector<std::string> fields;
    std::size_t at = first + 1;
    while (fields.size() < *count) {
        const std::size_t end = buffer_.find('\0', at);
        if (end == std::string::npos) {
            if (buffer_.size() > max_bytes) broken("it is too large");
            return std::nullopt;
        }
        fields.emplace_back(buffer_, at, end - at);
        at = end + 1;
    }
    buffer_.erase(0, at);
    Request request{std::move(fields.front()), {}};
    fields.erase(fields.begin());
    request.fields = std::move(fields);
    return request;
}

std::string encode_reply(const Reply& reply) {
    std::string bytes = fmt::format("{}", reply.status);
    bytes.push_back('\0');
    bytes += fmt::format("{}", reply.fields.size());
    bytes.push_back('\0');
    for (const std::string& field : reply.fields) {
        // A NUL cannot be part of a shell variable; it would shift every later field.
        bytes.append(field, 0, field.find('\0'));
        bytes.push_back('\0');
    }
    return bytes;
}

// The reply FIFO is opened for both directions so that opening does not wait for the reader; when
// this process dies the runtime still sees its end, since the runtime itself holds only the reading
// side.
Channel::Channel(const fs::path& dir)
    : request_(make_fifo(dir / "request", O_RDONLY)), reply_(make_fifo(dir / "reply", O_RDWR)) {}

std::optional<Request> Channel::receive() {
    std::array<char, 65536> chunk{};
    while (true) {
        const ssize_t n = ::read(request_.get(), chunk.data(), chunk.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN) throw Error::from_errno("cannot read a build request");
        if (n <= 0) return parser_.next();
        parser_.feed({chunk.data(), static_cast<std::size_t>(n)});
    }
}

void Channel::send(const Reply& reply, int ended_fd) {
    const std::string bytes = encode_reply(reply);
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t n = ::write(reply_.get(), rest.data(), rest.size());
        if (n > 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) throw Error::from_errno("cannot answer the build runtime");
        std::array<pollfd, 2> fds{pollfd{reply_.get(), POLLOUT, 0}, pollfd{ended_fd, POLLIN, 0}};
        if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) {
            throw Error::from_errno("cannot wait for the build runtime");
        }
        if ((fds[1].revents & POLLIN) != 0) return;
    }
}

}  // namespace hab::build
