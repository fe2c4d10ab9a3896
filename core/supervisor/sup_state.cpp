// SPDX-License-Identifier: Apache-2.0
#include "supervisor/sup_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"

namespace hab::supervisor {
namespace {

struct flock whole_file(short type) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

/// Together longer than any child takes to become another program.
constexpr unsigned most_waits = 1000;
constexpr int wait_ms = 10;

[[noreturn]] void taken(const std::filesystem::path& file) {
    throw Error(
        ErrorCode::conflict,
        fmt::format("Unable to lock {}. Is another Supervisor process running?", file.string()),
        "`hab svc load` loads a service into the running Supervisor; `hab sup term` stops it");
}

std::optional<net::Endpoint> endpoint_at(const Value& document, std::string_view key,
                                         std::string_view what) {
    const Value* value = document.at_path(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto* text = value->as_string();
    if (text == nullptr) {
        throw Error(ErrorCode::invalid_input, fmt::format("{}: '{}' is not a string", what, key));
    }
    return net::Endpoint::parse(*text, 0, what);
}

}  // namespace

SupervisorLock::SupervisorLock(const std::filesystem::path& file, pid_t launcher)
    : fd_(open_file(file, O_RDWR | O_CREAT, 0644)) {
    // flock() is what upstream's supervisor takes. The second lock covers the same file so that
    // clients can ask who runs without taking one themselves: flock() has no question form.
    auto ask = whole_file(F_WRLCK);
    const auto text = std::to_string(launcher);
    unsigned waits = 0;
    while (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0 ||
           ::fcntl(fd_.get(), F_OFD_SETLK, &ask) != 0) {
        if (errno != EWOULDBLOCK && errno != EAGAIN && errno != EACCES)
            throw Error::from_errno(fmt::format("cannot lock {}", file.string()));
        // A launcher has one supervisor. So the one before us was killed just when it had forked for
        // a hook: until its child becomes that hook, it has all that its parent had open.
        const bool ours = trim(read_file_if_exists(file, 64).value_or("")) == text;
        if (!ours || ++waits > most_waits) taken(file);
        (void)::poll(nullptr, 0, wait_ms);
    }
    fail_point("supervisor.locked", file.native());
    const auto old = read_fd(fd_.get(), file.string(), 64 * 1024);
    // The file cannot be replaced, it is the lock. So one call puts blanks over what is longer, and
    // nobody reads a number that never was one, or none.
    std::string padded = text;
    padded.resize(std::max(text.size(), old.size()), '\n');
    const auto end = static_cast<off_t>(text.size());
    const bool written = old == text || (::pwrite(fd_.get(), padded.data(), padded.size(), 0) ==
                                             static_cast<ssize_t>(padded.size()) &&
                                         ::ftruncate(fd_.get(), end) == 0);
    if (!written || ::fchmod(fd_.get(), 0644) != 0) {
        throw Error::from_errno(fmt::format("cannot write {}", file.string()));
    }
}

namespace {

std::optional<pid_t> pid_in(std::string_view text) {
    const auto pid = parse_u64(trim(text));
    if (!pid || *pid == 0 || *pid > static_cast<std::uint64_t>(INT32_MAX)) return std::nullopt;
    return static_cast<pid_t>(*pid);
}

/// A launcher whose supervisor has just died or restarts: nobody has the lock, but it is there. Its
/// file may be left over from one that was killed, hence the name.
std::optional<pid_t> launcher_alone(const Paths& paths) {
    const auto pid = pid_in(read_file_if_exists(paths.launcher() / "PID", 64).value_or(""));
    if (!pid) return std::nullopt;
    const auto name = read_file_if_exists(fmt::format("/proc/{}/comm", *pid), 64).value_or("");
    return trim(name) == "hab-launch" ? pid : std::nullopt;
}

}  // namespace

std::optional<pid_t> running_launcher(const Paths& paths) {
    const auto file = paths.sup() / "LOCK";
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return launcher_alone(paths);
        throw Error::from_errno(fmt::format("cannot open {}", file.string()));
    }
    auto question = whole_file(F_RDLCK);
    if (::fcntl(fd.get(), F_OFD_GETLK, &question) != 0) {
        throw Error::from_errno(fmt::format("cannot ask for the lock of {}", file.string()));
    }
    if (question.l_type == F_UNLCK) return launcher_alone(paths);
    return pid_in(read_fd(fd.get(), file.string(), 64));
}

std::filesystem::path local_ctl_socket(const Paths& paths) {
    return paths.sup() / "ctl.sock";
}

void write_listen_file(const Paths& paths, const ListenAddresses& addresses) {
    Object out;
    out.set("http_gateway", addresses.http ? Value(addresses.http->to_string()) : Value());
    out.set("ctl_gateway", addresses.ctl ? Value(addresses.ctl->to_string()) : Value());
    out.set("ctl_socket", addresses.local ? Value(addresses.local->to_string()) : Value());
    out.set("gossip", addresses.gossip ? Value(addresses.gossip->to_string()) : Value());
    out.set("gossip_stream",
            addresses.gossip_stream ? Value(addresses.gossip_stream->to_string()) : Value());
    if (!addresses.http_certificate.empty()) {
        out.set("http_certificate", addresses.http_certificate.string());
        out.set("http_asks_clients", addresses.http_asks_clients);
    }
    WriteOptions options;
    options.durable = false;  // says nothing after a reboot
    write_file_atomic(paths.sup() / "listen.json", to_json(Value(std::move(out)), true), options);
}

std::optional<ListenAddresses> read_listen_file(const Paths& paths) {
    const auto file = paths.sup() / "listen.json";
    const auto text = read_file_if_exists(file, 64 * 1024);
    if (!text) return std::nullopt;
    const Value document = parse_json(*text, file.string());
    const Value* const certificate = document.at_path("http_certificate");
    const Value* const asks = document.at_path("http_asks_clients");
    return ListenAddresses{endpoint_at(document, "http_gateway", file.string()),
                           endpoint_at(document, "ctl_gateway", file.string()),
                           endpoint_at(document, "ctl_socket", file.string()),
                           endpoint_at(document, "gossip", file.string()),
                           endpoint_at(document, "gossip_stream", file.string()),
                           certificate != nullptr && certificate->as_string() != nullptr
                               ? *certificate->as_string()
                               : std::string(),
                           asks != nullptr && *asks == Value(true)};
}

namespace {

/// What a power cut before the first sync_identity() may leave: no bytes, or blocks of zeros.
bool is_lost(std::string_view text) {
    return text.find_first_not_of(std::string_view("\0\n", 2)) == std::string_view::npos;
}

}  // namespace

std::string load_member_id(const std::filesystem::path& file, Entropy& entropy) {
    if (const auto text = read_file_if_exists(file, 4096); text && !is_lost(*text)) {
        const std::string id(trim(*text));
        if (id.size() == 32 && from_hex(id)) return id;
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("{} does not hold a member id (32 hexadecimal digits)", file.string()),
            "remove the file; a new id is made at the next start");
    }
    const std::string id = entropy.hex(16);
    WriteOptions options;
    options.durable = false;  // see sync_identity()
    write_file_atomic(file, id, options);
    return id;
}

std::string new_ctl_secret(Entropy& entropy) {
    std::vector<std::byte> bytes(64);
    entropy.fill(bytes);
    return to_base64(bytes);
}

std::string load_ctl_secret(const std::filesystem::path& file, Entropy& entropy) {
    if (const auto text = read_file_if_exists(file, 4096); text && !is_lost(*text)) {
        const std::string secret(trim(*text));
        if (!secret.empty()) return secret;
    }
    std::string secret = new_ctl_secret(entropy);
    WriteOptions options;
    options.mode = 0600;
    options.durable = false;  // see sync_identity()
    write_file_atomic(file, secret, options);
    return secret;
}

void sync_identity(const std::filesystem::path& sup) {
    sync_path(sup / "MEMBER_ID");
    sync_path(sup / "CTL_SECRET");
    sync_path(sup);
}

}  // namespace hab::supervisor
