// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "ring/node/ring_node.hpp"

namespace hab::ring::sim {

/// What runs on a machine: a node of ours, or a model of a stock one.
class Actor {
public:
    virtual ~Actor() = default;
    virtual void step(Time now, const Input& input, Outputs& outputs) = 0;
    [[nodiscard]] virtual Time next_wake() const noexcept = 0;
    /// Ours, or nothing.
    [[nodiscard]] virtual RingNode* ring() noexcept { return nullptr; }
    /// Whether it believes the member to be well.
    [[nodiscard]] virtual bool believes_alive(const MemberId& id) const = 0;
    /// The version of a rumor that it has; false when it has none.
    [[nodiscard]] virtual bool has(const RumorKey& key, std::uint64_t version) const = 0;
};

class RingActor final : public Actor {
public:
    RingActor(NodeConfig config, MemberBook& book, RumorPool& pool)
        : node_(std::move(config), book, &pool) {}
    void step(Time now, const Input& input, Outputs& outputs) override {
        node_.step(now, input, outputs);
    }
    [[nodiscard]] Time next_wake() const noexcept override { return node_.next_wake(); }
    [[nodiscard]] RingNode* ring() noexcept override { return &node_; }
    [[nodiscard]] bool believes_alive(const MemberId& id) const override {
        if (id == node_.id()) return true;
        const auto slot = node_.members().find(id);
        return slot && node_.members().at(*slot).health == Health::alive;
    }
    [[nodiscard]] bool has(const RumorKey& key, std::uint64_t version) const override {
        const HeldRumor* held = node_.rumors().find(key);
        return held != nullptr && held->version >= version;
    }

private:
    RingNode node_;
};

}  // namespace hab::ring::sim
