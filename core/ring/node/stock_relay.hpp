// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ring/node/core.hpp"

namespace hab::ring {

/// Members with stock behaviour know nothing of our anti-entropy, and say everything to everybody.
/// A few of us, the same few in everybody's eyes, deliver to each of them every rumor that changed,
/// once, and everything to one that comes.
class StockRelay {
public:
    explicit StockRelay(Core& core) : core_(core) {}

    void tick();
    [[nodiscard]] Time next() const noexcept { return core_.table.stock_alive() ? next_ : never; }
    void result(std::uint64_t stream, bool ok);
    /// The member may have started anew, and lost what it was told: say everything again.
    void restarted(const MemberId& id) { deliveries_.erase(id); }

private:
    struct Delivery {
        std::uint64_t done = 0;     // changes of the store that were delivered
        std::uint64_t offered = 0;  // and by the order that is under way
        std::uint64_t stream = 0;   // that order; 0: none
        Time not_before = 0;
        bool members_told = false;
    };
    [[nodiscard]] bool mine(Slot stock) const;
    void deliver(Slot stock, Delivery& delivery);
    void add_members(Slot stock, std::vector<std::string>& messages) const;
    /// A stock member aborts on a result whose leader it knows no service of. False: not now.
    [[nodiscard]] bool add_election(const RumorKey& key, const HeldRumor& held,
                                    std::vector<std::string>& messages) const;

    Core& core_;
    std::map<MemberId, Delivery> deliveries_;
    Time next_ = 0;
};

}  // namespace hab::ring
