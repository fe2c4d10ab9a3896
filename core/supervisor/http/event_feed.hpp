// SPDX-License-Identifier: Apache-2.0
// /events: what happens in the supervisor, as server-sent events.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "supervisor/events.hpp"

namespace hab::supervisor::http {

/// Keeps the latest events for clients that come back, and gives new ones to those that listen. Each
/// event becomes text once, and only if somebody wants it. Loop only; must not outlive the stream.
class EventFeed {
public:
    struct Settings {
        /// Tells this process from the one before: ids of events are "BOOT-GENERATION".
        std::string boot;
        std::string version;      ///< of the supervisor, for the first event of a connection
        std::size_t kept = 1024;  ///< events, without lines of logs
        /// Bytes of kept events that one client is given at once; less than a connection may owe.
        std::size_t catch_up = 512 * 1024;
        std::chrono::milliseconds heartbeat{15'000};
        bool redact = false;  ///< values of the configuration are not told
    };
    EventFeed(boost::asio::io_context& loop, EventStream& events, Settings settings);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    /// Answers a request for the stream; 400 for a query that it does not understand.
    [[nodiscard]] net::HttpServerResponse answer(const net::HttpServerRequest& request);
    [[nodiscard]] std::size_t readers() const noexcept { return readers_.size(); }

private:
    using Text = std::shared_ptr<const std::string>;
    struct Kept {
        Event event;
        Text text;  ///< null until somebody wants it
    };
    struct Filter {
        std::string service;  ///< empty: all
        bool log = false;
        [[nodiscard]] bool wants(const EventBody& body) const;
    };
    struct Reader {
        Filter filter;
        std::shared_ptr<net::HttpStream> stream;
    };

    void on_event(const Event& event);
    void join(Filter filter, const std::string& last_id, std::shared_ptr<net::HttpStream> stream);
    /// What a client that has seen `last_id` has missed, told before anything new.
    void catch_up(const Reader& reader, const std::string& last_id);
    void tell_gap(const Reader& reader, Value missed) const;
    /// The first of the kept events after `generation` that a client can be given with all later
    /// ones at once.
    [[nodiscard]] std::size_t first_to_send(const Reader& reader, std::uint64_t generation);
    [[nodiscard]] std::string frame(const Event& event) const;
    [[nodiscard]] std::string special(std::string_view type, Value data) const;
    void send_to_all(const Event& event, Text& text);
    void beat();

    EventStream& events_;
    Settings settings_;
    boost::asio::steady_timer timer_;
    std::deque<Kept> kept_;
    std::uint64_t forgotten_ = 0;  ///< generation of the latest event that is not kept any more
    std::vector<std::shared_ptr<Reader>> readers_;
    EventStream::Subscription subscription_;
    /// Readers that leave after this object has gone find this empty.
    std::shared_ptr<EventFeed*> self_;
};

}  // namespace hab::supervisor::http
