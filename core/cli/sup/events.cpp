// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/sup/commands.hpp"
#include "cli/sup/event_reader.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {
namespace {

/// A supervisor that is restarted is back within a second; on a busy machine it may take some more.
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::milliseconds pause_between_tries{500};

/// The certificate that the gateway of this machine shows is the one in its file, whatever name is
/// in it: who can change that file can do more than to tell wrong events.
void set_certificate(net::HttpRequest& request, const supervisor::ListenAddresses& listen) {
    if (listen.http_asks_clients) {
        throw Error(ErrorCode::unsupported,
                    "cannot follow the events: the HTTP gateway of this machine asks its clients "
                    "for a certificate, and this command has none",
                    "`hab svc logs -f` and `hab why` do without that gateway.");
    }
    request.ca_file = listen.http_certificate.string();
    request.any_name = true;
}

/// Where a client on this machine finds a listener.
void set_address(net::HttpRequest& request, const supervisor::ListenAddresses& listen) {
    const bool secure = !listen.http_certificate.empty();
    if (secure) set_certificate(request, listen);
    const std::string scheme = secure ? "https://" : "http://";
    net::Endpoint to = *listen.http;
    if (!to.unix_path.empty()) {
        request.unix_socket = to.unix_path;
        request.url = scheme + "localhost";
        return;
    }
    if (to.host == "0.0.0.0") to.host = "127.0.0.1";
    if (to.host == "::") to.host = "::1";
    request.url = scheme + to.to_string();
}

net::HttpRequest make_request(const Invocation& invocation) {
    net::HttpRequest request;
    if (const auto url = invocation.args.get("url")) {
        request.url = *url;
        while (request.url.ends_with('/'))
            request.url.pop_back();
    } else {
        const auto listen = supervisor::read_listen_file(invocation.paths);
        if (!listen || !listen->http) {
            throw Error(ErrorCode::not_found,
                        "cannot follow the events: no supervisor with an HTTP gateway runs on this "
                        "machine",
                        "Start one with `hab sup run`, or name another with --url.");
        }
        set_address(request, *listen);
    }
    request.url += "/events?log=";
    request.url += invocation.args.flag("log") ? "true" : "false";
    if (const auto service = invocation.args.get("service"))
        request.url += "&service=" + net::percent_encode(*service);
    if (const char* const token = std::getenv("HAB_SUP_GATEWAY_AUTH_TOKEN"))
        request.bearer_token = token;
    request.connect_timeout = std::chrono::seconds(10);
    return request;
}

class Follower {
public:
    explicit Follower(Invocation& invocation)
        : invocation_(invocation), client_(net::open_http_client()) {}

    /// Only comes back by an error.
    [[noreturn]] void run() {
        SteadyTime last_seen = invocation_.clock.now();
        while (true) {
            const auto before = seen_;
            std::optional<Error> why;
            try {
                connect();
            } catch (const Error& error) {
                // A supervisor that is being restarted is not there for a moment.
                if (!connected_before_ || error.code() == ErrorCode::denied) throw;
                why = error;
            }
            const SteadyTime now = invocation_.clock.now();
            if (seen_ != before) last_seen = now;
            if (now - last_seen > patience) {
                throw why.value_or(Error(ErrorCode::io, "the stream of events has ended"))
                    .with_hint("`hab sup status` tells whether the supervisor runs.");
            }
            std::this_thread::sleep_for(pause_between_tries);
        }
    }

private:
    void connect() {
        // Read again each time: a supervisor that was restarted may have another port.
        net::HttpRequest request = make_request(invocation_);
        if (!reader_.last_id().empty())
            request.headers.emplace_back("Last-Event-ID", reader_.last_id());
        request.on_head = [&](const net::HttpHead& head) {
            if (head.status != 200)
                net::throw_http_status("follow the events of", request.url, head.status);
            connected_before_ = true;
            ++seen_;
        };
        request.on_body = [this](std::span<const std::byte> bytes) {
            reader_.feed({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                         [this](const SentEvent& event) { show(event); });
        };
        client_->send(request);
    }

    void show(const SentEvent& event) {
        ++seen_;
        if (invocation_.args.flag("json")) {
            invocation_.terminal.out(event.data + "\n");
        } else if (event.type != "hello") {
            invocation_.terminal.out(event_line(parse_json(event.data, "event")) + "\n");
        }
    }

    Invocation& invocation_;
    std::unique_ptr<net::HttpClient> client_;
    EventReader reader_;
    std::uint64_t seen_ = 0;
    bool connected_before_ = false;
};

}  // namespace

int run_sup_events(Invocation& invocation) {
    Follower(invocation).run();
}

}  // namespace hab::cli
