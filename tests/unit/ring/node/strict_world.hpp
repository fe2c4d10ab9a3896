// SPDX-License-Identifier: Apache-2.0
// A few nodes side by side, whose messages arrive at once.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ids.hpp"
#include "ring/node/ring_node.hpp"

namespace hab::ring {

inline crypto::Identity test_identity(unsigned number) {
    std::array<std::byte, 32> seed{};
    seed[0] = static_cast<std::byte>(number);
    return crypto::Identity::from_seed("test", seed);
}

/// Number of the identity whose key is the ring's admin key.
inline constexpr unsigned test_admin = 100;

inline std::shared_ptr<const StrictRing> test_ring(unsigned number, bool admin,
                                                   std::uint64_t epoch = 1) {
    StrictRing ring{
        "ring", test_identity(number), {test_identity(test_admin).public_key()}, {}, epoch};
    if (admin) ring.admin.emplace(test_identity(test_admin));
    return std::make_shared<const StrictRing>(std::move(ring));
}

class World {
public:
    struct Said {
        unsigned from = 0;
        Endpoint to;
        std::string bytes;
        bool stream = false;
    };
    explicit World(bool strict) : strict_(strict) {}

    /// Adds node `number`; the first is everybody's way in.
    RingNode& add(unsigned number, bool admin = false, std::uint64_t epoch = 1) {
        nodes_.push_back({number, make(number, admin, epoch), true});
        if (nodes_.size() > 1) take(number, AddPeer{test_endpoint(nodes_[0].number)});
        take(number, Wake{});
        return node(number);
    }
    /// A new life of that node, which remembers what the last one did but counts from there.
    void begin_again(unsigned number, std::uint64_t epoch) {
        const std::vector<StateRecord> remembered = node(number).snapshot();
        line(number).node = make(number, false, epoch);
        take(number, Restore{remembered});
        take(number, Wake{});
    }
    RingNode& node(unsigned number) { return *line(number).node; }
    void kill(unsigned number) { line(number).runs = false; }

    void take(unsigned number, const Input& input) {
        Outputs outputs;
        line(number).node->step(now, input, outputs);
        for (Output& output : outputs) {
            if (auto* const datagram = std::get_if<SendDatagram>(&output)) {
                say({number, datagram->to, std::move(datagram->bytes), false});
            } else if (auto* const stream = std::get_if<SendStream>(&output)) {
                for (std::string& message : stream->messages)
                    say({number, stream->to, std::move(message), true});
            } else if (const auto* const event = std::get_if<Event>(&output)) {
                if (event->kind == EventKind::refused) refused.emplace_back(event->text);
            }
        }
    }
    /// Lets that time pass.
    void run(Time time) {
        for (const Time end = now + time; now < end; now += milliseconds(10)) {
            while (!under_way_.empty()) {
                const Said next = std::move(under_way_.front());
                under_way_.pop_front();
                hand_over(next, test_endpoint(next.from));
            }
            for (const Line& one : nodes_)
                if (one.runs && one.node->next_wake() <= now) take(one.number, Wake{});
        }
    }
    /// Somebody sends that from an address.
    void hand_over(const Said& what, const Endpoint& from) {
        for (const Line& one : nodes_) {
            if (!one.runs || test_endpoint(one.number) != what.to) continue;
            if (what.stream) {
                take(one.number, StreamMessage{from, what.bytes});
            } else {
                take(one.number, Datagram{from, what.bytes});
            }
        }
    }
    Health health(unsigned at, unsigned of) {
        const auto slot = node(at).members().find(node(of).id());
        return slot ? node(at).members().at(*slot).health : Health::departed;
    }
    bool alive(unsigned at, unsigned of) { return health(at, of) == Health::alive; }
    bool has(unsigned at, std::string_view text) {
        for (const auto& [key, held] : node(at).rumors().all())
            if (held.bytes->find(text) != std::string::npos) return true;
        return false;
    }

    Time now = seconds(10);
    std::vector<Said> said;  ///< everything, ever
    std::vector<std::string> refused;

private:
    struct Line {
        unsigned number = 0;
        std::unique_ptr<RingNode> node;
        bool runs = false;
    };
    std::unique_ptr<RingNode> make(unsigned number, bool admin, std::uint64_t epoch) {
        NodeConfig config;
        config.id = test_id(number);
        config.seed = number;
        if (strict_) {
            config.strict = test_ring(number, admin, epoch);
            config.id = config.strict->id();
            config.advertised = test_endpoint(number).ip;
        }
        books_.push_back(std::make_unique<MemberBook>());
        return std::make_unique<RingNode>(config, *books_.back());
    }
    Line& line(unsigned number) {
        return *std::find_if(nodes_.begin(), nodes_.end(),
                             [&](const Line& one) { return one.number == number; });
    }
    void say(Said what) {
        said.push_back(what);
        under_way_.push_back(std::move(what));
    }

    bool strict_;
    std::vector<std::unique_ptr<MemberBook>> books_;  // outlive the nodes
    std::vector<Line> nodes_;
    std::deque<Said> under_way_;
};

}  // namespace hab::ring
