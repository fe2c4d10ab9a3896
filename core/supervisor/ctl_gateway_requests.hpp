// SPDX-License-Identifier: Apache-2.0
// What the control gateway does with each message. Knows nothing of sockets.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "control/frame.hpp"
#include "control/messages.hpp"
#include "supervisor/ctl_gateway.hpp"

namespace hab::supervisor {

/// Who sent a request.
struct CtlPeer {
    bool may_change = false;  ///< else it may only look
    std::string name;         ///< "uid 0 (process 4711)", "127.0.0.1:40312"; empty if unknown
};

/// Where the replies to one request go. Loop only; after a complete reply nothing more may be sent.
class CtlReplies {
public:
    virtual ~CtlReplies() = default;
    virtual void send(std::string_view message_id, std::string body, bool complete) = 0;
    /// Ends the connection without another word.
    virtual void close() = 0;
    /// Keeps a subscription for as long as the client stays.
    virtual void hold(EventStream::Subscription subscription) = 0;
    [[nodiscard]] virtual const CtlPeer& peer() const = 0;

    template <typename Message>
    void reply(const Message& message, bool complete) {
        send(Message::id, control::to_wire(message), complete);
    }
};

/// Answers, now or later. Every failure becomes a NetErr; nothing is thrown.
void handle_ctl_request(const CtlServices& services, const control::Frame& request,
                        const std::shared_ptr<CtlReplies>& replies) noexcept;

}  // namespace hab::supervisor
