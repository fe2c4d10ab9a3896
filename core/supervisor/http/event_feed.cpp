// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/event_feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "supervisor/http/event_json.hpp"
#include "supervisor/http/fields.hpp"
#include "supervisor/http/route_table.hpp"

namespace hab::supervisor::http {

namespace {

std::optional<bool> flag_value(std::string_view query, std::string_view name) {
    const auto text = query_value(query, name);
    if (!text || *text == "false" || *text == "0") return false;
    if (*text == "true" || *text == "1" || text->empty()) return true;
    return std::nullopt;
}

}  // namespace

bool EventFeed::Filter::wants(const EventBody& body) const {
    if (!log && std::holds_alternative<LogLine>(body)) return false;
    if (service.empty()) return true;
    const auto about = event_service(body);
    return about.empty() ? !std::holds_alternative<LogLine>(body) : about == service;
}

EventFeed::EventFeed(boost::asio::io_context& loop, EventStream& events, Settings settings)
    : events_(events),
      settings_(std::move(settings)),
      timer_(loop),
      forgotten_(events.generation()),
      subscription_(events.subscribe([this](const Event& event) { on_event(event); })),
      self_(std::make_shared<EventFeed*>(this)) {}

EventFeed::~EventFeed() {
    *self_ = nullptr;
    for (const auto& reader : readers_)
        reader->stream->end();
}

net::HttpServerResponse EventFeed::answer(const net::HttpServerRequest& request) {
    const auto log = flag_value(request.query, "log");
    if (!log) return Response::text(400, "log is true or false\n");
    Filter filter{query_value(request.query, "service").value_or(""), *log};
    // EventSource cannot set the header on its first connection.
    std::string last_id(net::find_header(request.headers, "Last-Event-ID"));
    if (last_id.empty()) last_id = query_value(request.query, "last_id").value_or("");
    net::HttpServerResponse response;
    response.content_type = "text/event-stream";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.stream = [self = std::weak_ptr(self_), filter = std::move(filter),
                       last_id](std::shared_ptr<net::HttpStream> stream) {
        const auto feed = self.lock();
        if (feed && *feed != nullptr) (*feed)->join(filter, last_id, std::move(stream));
    };
    return response;
}

void EventFeed::join(Filter filter, const std::string& last_id,
                     std::shared_ptr<net::HttpStream> stream) {
    auto reader = std::make_shared<Reader>(Reader{std::move(filter), std::move(stream)});
    reader->stream->on_close([self = std::weak_ptr(self_), weak = std::weak_ptr(reader)] {
        const auto feed = self.lock();
        if (!feed || *feed == nullptr) return;
        std::erase((*feed)->readers_, weak.lock());
        if ((*feed)->readers_.empty()) (*feed)->timer_.cancel();
    });
    Fields hello;
    hello.add("boot", settings_.boot).add("version", settings_.version);
    readers_.push_back(reader);
    if (readers_.size() == 1) beat();
    // Without an id of its own: what is still to be caught up with comes after it.
    const std::string first = fmt::format("retry: 2000\n{}", special("hello", std::move(hello)));
    if (!reader->stream->send(std::make_shared<const std::string>(first))) return;
    catch_up(*reader, last_id);
    // A client that hears of nothing for hours still knows where to go on.
    (void)reader->stream->send(std::make_shared<const std::string>(
        fmt::format("id: {}-{}\n\n", settings_.boot, events_.generation())));
}

void EventFeed::catch_up(const Reader& reader, const std::string& last_id) {
    if (last_id.empty()) return;
    const auto dash = last_id.rfind('-');
    const bool same = dash != std::string::npos && last_id.compare(0, dash, settings_.boot) == 0;
    const auto seen = same ? parse_u64(std::string_view(last_id).substr(dash + 1)) : std::nullopt;
    const std::uint64_t after = seen.value_or(0);
    const std::size_t first = first_to_send(reader, after);
    // What was forgotten, or is more than can be told at once.
    const std::uint64_t lost = first > 0 ? kept_[first - 1].event.generation : forgotten_;
    if (!seen || *seen > events_.generation()) {
        tell_gap(reader, Value());
    } else if (after < lost) {
        tell_gap(reader, integer(lost - after));
    }
    for (std::size_t at = first; at < kept_.size(); ++at) {
        if (!reader.filter.wants(kept_[at].event.body)) continue;
        if (!reader.stream->send(kept_[at].text)) return;
    }
}

std::size_t EventFeed::first_to_send(const Reader& reader, std::uint64_t generation) {
    std::size_t bytes = 0;
    for (std::size_t at = kept_.size(); at > 0; --at) {
        Kept& kept = kept_[at - 1];
        if (kept.event.generation <= generation) return at;
        if (!reader.filter.wants(kept.event.body)) continue;
        if (!kept.text) kept.text = std::make_shared<const std::string>(frame(kept.event));
        bytes += kept.text->size();
        if (bytes > settings_.catch_up) return at;
    }
    return 0;
}

void EventFeed::tell_gap(const Reader& reader, Value missed) const {
    Fields gap;
    gap.add("missed", std::move(missed));
    (void)reader.stream->send(std::make_shared<const std::string>(special("gap", std::move(gap))));
}

void EventFeed::on_event(const Event& event) {
    Text text;
    send_to_all(event, text);
    if (std::holds_alternative<LogLine>(event.body)) return;
    kept_.push_back({event, std::move(text)});
    if (kept_.size() <= settings_.kept) return;
    forgotten_ = kept_.front().event.generation;
    kept_.pop_front();
}

void EventFeed::send_to_all(const Event& event, Text& text) {
    if (readers_.empty()) return;
    // A copy: a reader that is dropped while it is sent to leaves the list.
    const auto readers = readers_;
    for (const auto& reader : readers) {
        if (!reader->filter.wants(event.body)) continue;
        if (!text) text = std::make_shared<const std::string>(frame(event));
        (void)reader->stream->send(text);
    }
}

std::string EventFeed::frame(const Event& event) const {
    const Value json = event_json(event, settings_.redact);
    // Lines have no id: they are not kept, and a client must not come back with one.
    if (std::holds_alternative<LogLine>(event.body))
        return fmt::format("event: log\ndata: {}\n\n", to_json(json));
    return fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", settings_.boot, event.generation,
                       event_type(event.body), to_json(json));
}

std::string EventFeed::special(std::string_view type, Value data) const {
    Object out;
    out.set("generation", integer(events_.generation()));
    out.set("type", type);
    for (const auto& [name, value] : *data.as_object())
        out.set(name, value);
    return fmt::format("event: {}\ndata: {}\n\n", type, to_json(Value(std::move(out))));
}

void EventFeed::beat() {
    timer_.expires_after(settings_.heartbeat);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error || readers_.empty()) return;
        static const auto comment = std::make_shared<const std::string>(":\n\n");
        const auto readers = readers_;
        for (const auto& reader : readers)
            (void)reader->stream->send(comment);
        if (!readers_.empty()) beat();
    });
}

}  // namespace hab::supervisor::http
