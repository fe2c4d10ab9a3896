// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace hab::ring {

/// How often a node says a piece of news in a ring of that many: 4 * ceil(log10(n + 1)).
[[nodiscard]] inline unsigned retransmit_budget(std::size_t members) noexcept {
    return 4 * static_cast<unsigned>(std::ceil(std::log10(static_cast<double>(members + 1))));
}

/// News that is still told, with how often it was: one counter per piece, whoever it went to. What
/// was told least comes first, and of those the newest.
template <typename Key>
class HotQueue {
public:
    /// News, or told anew: counts from zero.
    void heat(const Key& key) {
        cool(key);
        const Heat heat{0, ++clock_};
        heats_.emplace(key, heat);
        order_.insert({heat, key});
    }
    void cool(const Key& key) {
        const auto found = heats_.find(key);
        if (found == heats_.end()) return;
        order_.erase({found->second, key});
        heats_.erase(found);
    }
    void clear() noexcept {
        heats_.clear();
        order_.clear();
    }
    /// Offers keys in order until `take` has said no to `refusals` of them or to none any more;
    /// those it said yes to count as told once and leave at `budget`.
    template <typename Take>
    void offer(unsigned budget, std::size_t refusals, Take&& take) {
        told_.clear();
        for (const Item& item : order_) {
            if (take(item.key)) {
                told_.push_back(item);
            } else if (refusals-- <= 1) {
                break;
            }
        }
        for (const Item& item : told_) {
            order_.erase(item);
            Heat& heat = heats_.find(item.key)->second;
            if (++heat.told >= budget) {
                heats_.erase(item.key);
            } else {
                order_.insert({heat, item.key});
            }
        }
    }
    [[nodiscard]] bool empty() const noexcept { return order_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }
    /// Whether something was never told.
    [[nodiscard]] bool fresh() const noexcept {
        return !order_.empty() && order_.begin()->heat.told == 0;
    }
    [[nodiscard]] bool contains(const Key& key) const { return heats_.contains(key); }

private:
    struct Heat {
        unsigned told = 0;
        std::uint64_t since = 0;
    };
    struct Item {
        Heat heat;
        Key key;
        bool operator<(const Item& other) const {
            if (heat.told != other.heat.told) return heat.told < other.heat.told;
            return heat.since > other.heat.since;  // unique
        }
    };
    std::map<Key, Heat> heats_;
    std::set<Item> order_;
    std::vector<Item> told_;
    std::uint64_t clock_ = 0;
};

}  // namespace hab::ring
