// SPDX-License-Identifier: Apache-2.0
#include "gossip/ring_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "ring/state/frames.hpp"

namespace hab::gossip {
namespace {

/// What fails when its time comes is due still: it is not tried in a circle.
constexpr ring::Time after_failure = ring::seconds(1);

}  // namespace

RingDriver::RingDriver(boost::asio::io_context& loop, const Clock& clock, RingOptions options,
                       OnEvent on_event, OnProblem on_problem)
    : loop_(loop),
      clock_(clock),
      start_(clock.now()),
      seal_(std::move(options.seal)),
      on_event_(std::move(on_event)),
      on_problem_(std::move(on_problem)),
      store_(options.state_dir),
      timer_(loop),
      pool_(loop, [this](std::uint64_t stream, std::size_t sent,
                         bool ok) { step_guarded(ring::StreamResult{stream, sent, ok}); }),
      acceptor_(loop, options.listen,
                [this](const ring::Endpoint& from, std::string_view bytes) {
                    take_message(from, bytes);
                }),
      datagrams_(loop, options.listen, [this](const ring::Endpoint& from, std::string_view bytes) {
          take_datagram(from, bytes);
      }) {
    options.config.swim_port = datagrams_.local().port;
    options.config.gossip_port = acceptor_.local().port;
    node_ = std::make_unique<ring::RingNode>(std::move(options.config), book_);
    const std::vector<ring::StateRecord> records = store_.take_records();
    step(ring::Restore{records});
    for (const ring::Endpoint& peer : options.peers)
        step(ring::AddPeer{peer});
}

RingDriver::~RingDriver() {
    alive_.reset();
    timer_.cancel();
}

ring::Time RingDriver::now() const {
    const auto since = clock_.now() - start_;
    return static_cast<ring::Time>(
        std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

void RingDriver::step(const ring::Input& input) {
    ring::Outputs outputs;
    std::exception_ptr failure;
    try {
        node_->step(now(), input, outputs);
    } catch (const std::exception&) {
        // What was decided before stands, and so does the next time: a vote goes to disk all the same.
        failure = std::current_exception();
    }
    const bool woken = std::holds_alternative<ring::Wake>(input);
    arm(failure && woken ? after_failure : 0);
    carry_out(outputs);
    if (failure) std::rethrow_exception(failure);
}

void RingDriver::step_guarded(const ring::Input& input) {
    try {
        step(input);
    } catch (const Error& error) {
        on_problem_(error);
    } catch (const std::exception& error) {
        on_problem_(Error(ErrorCode::bug,
                          fmt::format("a step of the ring failed: {}", error.what()),
                          "the ring goes on without it; please report this"));
    }
}

void RingDriver::arm(ring::Time least) {
    const ring::Time wake = node_->next_wake();
    if (wake == ring::never) {
        timer_.cancel();
        return;
    }
    const ring::Time time = now();
    timer_.expires_after(
        std::chrono::microseconds(wake > time ? std::max(wake - time, least) : least));
    timer_.async_wait(
        [this, alive = std::weak_ptr<char>(alive_)](const boost::system::error_code& error) {
            if (!error && !alive.expired()) step_guarded(ring::Wake{});
        });
}

bool RingDriver::open(std::string_view bytes, std::string_view& payload) {
    switch (seal_.open(bytes, opened_, payload)) {
        case ring::Refusal::none:
            return true;
        case ring::Refusal::bad_nonce:
        case ring::Refusal::not_authentic:
            ++counts_.not_authentic;
            return false;
        default:
            ++counts_.malformed;
            return false;
    }
}

void RingDriver::take_datagram(const ring::Endpoint& from, std::string_view bytes) {
    std::string_view payload;
    if (open(bytes, payload)) step_guarded(ring::Datagram{from, payload});
}

void RingDriver::take_message(const ring::Endpoint& from, std::string_view bytes) {
    std::string_view payload;
    if (open(bytes, payload)) step_guarded(ring::StreamMessage{from, payload});
}

void RingDriver::carry_out(const ring::Outputs& outputs) {
    save_unsaved();
    for (const ring::Output& output : outputs) {
        if (const auto* const record = std::get_if<ring::Persist>(&output)) {
            persist(*record);
        } else if (const auto* const event = std::get_if<ring::Event>(&output)) {
            events_.push_back(*event);
        } else if (const auto* const datagram = std::get_if<ring::SendDatagram>(&output)) {
            if (unsaved_.empty()) send(*datagram);
        } else if (const auto* const stream = std::get_if<ring::SendStream>(&output)) {
            unsaved_.empty() ? send(*stream) : fail(*stream);
        }
    }
    compact_if_wanted();
    deliver_events();
}

void RingDriver::deliver_events() {
    // Last, and one after the other: a handler may give commands, and what those write must not
    // come before what this step had to.
    if (std::exchange(delivering_, true)) return;
    const std::unique_ptr<bool, void (*)(bool*)> end(&delivering_, [](bool* on) { *on = false; });
    while (!events_.empty()) {
        const ring::Event event = std::move(events_.front());
        events_.pop_front();
        on_event_(event);
    }
}

void RingDriver::send(const ring::SendDatagram& order) {
    wrapped_.clear();
    seal_.wrap(order.bytes, wrapped_);
    datagrams_.send(order.to, wrapped_);
}

void RingDriver::send(const ring::SendStream& order) {
    std::vector<std::string> wrapped;
    wrapped.reserve(order.messages.size());
    for (const std::string& message : order.messages)
        seal_.wrap(message, wrapped.emplace_back());
    pool_.send(order.stream, order.to, std::move(wrapped));
}

void RingDriver::fail(const ring::SendStream& order) {
    boost::asio::post(loop_, [this, stream = order.stream, alive = std::weak_ptr<char>(alive_)] {
        if (!alive.expired()) step_guarded(ring::StreamResult{stream, 0, false});
    });
}

void RingDriver::persist(const ring::Persist& order) {
    if (order.sync && !unsaved_.empty()) {
        // In order, or an older record would win. Told of already.
        unsaved_.push_back(order.record);
        unsaved_ = ring::latest_only(std::move(unsaved_));
        return;
    }
    try {
        store_.append(order.record, order.sync);
    } catch (const Error& error) {
        on_problem_(error.in("cannot keep the ring's state"));
        if (order.sync) unsaved_.push_back(order.record);
    }
}

void RingDriver::save_unsaved() {
    try {
        while (!unsaved_.empty()) {
            store_.append(unsaved_.front(), true);
            unsaved_.erase(unsaved_.begin());
        }
    } catch (const Error&) {
        // It was told of when it could not be written first; this is tried with every step.
        return;
    }
}

void RingDriver::compact_if_wanted() {
    if (!store_.wants_compaction()) return;
    try {
        store_.compact();
    } catch (const Error& error) {
        on_problem_(error.in("cannot shorten the ring's log"));
    }
}

}  // namespace hab::gossip
