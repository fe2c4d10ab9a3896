// SPDX-License-Identifier: Apache-2.0
#include "ring/node/suspicion.hpp"

#include <algorithm>
#include <cmath>

namespace hab::ring {

Time SuspicionWait::after(unsigned count) const noexcept {
    if (voices == 0 || count >= voices) return least;
    const double share = std::log(count + 1.0) / std::log(voices + 1.0);
    return most - static_cast<Time>(static_cast<double>(most - least) * share);
}

SuspicionWait suspicion_wait(const Tuning& tuning, std::size_t alive, std::size_t stock) noexcept {
    const double scale =
        std::max(1.0, std::log10(static_cast<double>(std::max<std::size_t>(alive, 1))));
    SuspicionWait wait;
    wait.least = static_cast<Time>(static_cast<double>(tuning.suspicion_least) * scale);
    if (stock != 0) wait.least = std::max(wait.least, tuning.stock_suspicion);
    wait.most = wait.least * tuning.suspicion_spread;
    // The suspect and the first accuser cannot be further voices, nor do stock members say theirs.
    const std::size_t others = alive > stock + 2 ? alive - stock - 2 : 0;
    wait.voices = static_cast<unsigned>(std::min<std::size_t>(tuning.suspicion_voices, others));
    return wait;
}

Time Suspicions::Suspect::deadline() const noexcept {
    const auto further = accusers.empty() ? 0 : accusers.size() - 1;
    return std::max(granted, since + wait.after(static_cast<unsigned>(further)));
}

void Suspicions::start(Slot slot, std::uint64_t incarnation, Time now, SuspicionWait wait,
                       const MemberId& accuser) {
    Suspect suspect{incarnation, now, 0, wait, {}};
    if (!accuser.empty()) suspect.accusers.push_back(accuser);
    all_.insert_or_assign(slot, std::move(suspect));
}

bool Suspicions::accuse(Slot slot, std::uint64_t incarnation, const MemberId& accuser) {
    const auto found = all_.find(slot);
    if (found == all_.end() || found->second.incarnation != incarnation) return false;
    auto& accusers = found->second.accusers;
    if (accusers.size() > found->second.wait.voices) return false;
    if (std::find(accusers.begin(), accusers.end(), accuser) != accusers.end()) return false;
    accusers.push_back(accuser);
    return true;
}

void Suspicions::end(Slot slot) {
    all_.erase(slot);
}

void Suspicions::grant(Slot slot, Time until) {
    const auto found = all_.find(slot);
    if (found != all_.end()) found->second.granted = std::max(found->second.granted, until);
}

void Suspicions::grant_all(Time by) {
    for (auto& [slot, suspect] : all_) {
        suspect.since += by;
        if (suspect.granted != 0) suspect.granted += by;
    }
}

Time Suspicions::next() const noexcept {
    Time earliest = never;
    for (const auto& [slot, suspect] : all_)
        earliest = std::min(earliest, suspect.deadline());
    return earliest;
}

std::optional<Slot> Suspicions::due(Time now) const noexcept {
    for (const auto& [slot, suspect] : all_) {
        if (suspect.deadline() <= now) return slot;
    }
    return std::nullopt;
}

}  // namespace hab::ring
