// SPDX-License-Identifier: Apache-2.0
// One node, driven by hand.
#pragma once

#include <gtest/gtest.h>

#include "ids.hpp"
#include "ring/node/ring_node.hpp"

namespace hab::ring {

class DrivenNode : public testing::Test {
protected:
    static NodeConfig config() {
        NodeConfig config;
        config.id = test_id(1);
        config.seed = 1;
        return config;
    }
    /// What the node wants after something happened.
    Outputs after(const Input& input, Time by = 0) {
        now_ += by;
        Outputs outputs;
        node_.step(now_, input, outputs);
        return outputs;
    }
    /// A datagram from another member.
    Outputs hear(const Swim& swim, unsigned from, Time by = milliseconds(1)) {
        const std::string bytes = encoded(swim);
        return after(Datagram{test_endpoint(from), bytes}, by);
    }
    static Swim said(SwimKind kind, unsigned from, std::uint64_t incarnation = 0) {
        Swim swim;
        swim.kind = kind;
        swim.from = test_member(from, incarnation);
        swim.from.address = {};
        return swim;
    }
    static Swim said_by_ours(SwimKind kind, unsigned from) {
        Swim swim = said(kind, from);
        swim.extension.emplace();
        swim.extension->abilities = ability::own_messages;
        return swim;
    }
    static std::vector<Swim> swims(const Outputs& outputs) {
        std::vector<Swim> all;
        for (const Output& output : outputs) {
            const auto* datagram = std::get_if<SendDatagram>(&output);
            if (datagram == nullptr) continue;
            Swim swim;
            EXPECT_EQ(decode_swim(datagram->bytes, swim), Refusal::none);
            EXPECT_LE(datagram->bytes.size() + sealed_overhead, max_datagram);
            if (swim.extension) swim.extension->rumors.clear();  // views into what goes away
            all.push_back(swim);
        }
        return all;
    }
    static std::vector<Event> events(const Outputs& outputs, EventKind kind) {
        std::vector<Event> all;
        for (const Output& output : outputs)
            if (const auto* event = std::get_if<Event>(&output))
                if (event->kind == kind) all.push_back(*event);
        return all;
    }
    Health health_of(unsigned member) {
        const auto slot = node_.members().find(test_id(member));
        EXPECT_TRUE(slot);
        return node_.members().at(*slot).health;
    }

    MemberBook book_;
    RingNode node_{config(), book_};
    Time now_ = seconds(10);
};

}  // namespace hab::ring
