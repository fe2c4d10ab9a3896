// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/network.hpp"

namespace hab::ring::sim {

bool Network::passes(NodeIndex from, NodeIndex to) const {
    if (!cuts_.empty() && cuts_.contains({from, to})) return false;
    if (sides_.empty()) return true;
    const auto side = [&](NodeIndex node) { return node < sides_.size() ? sides_[node] : 0; };
    return side(from) == side(to);
}

Time Network::latency() {
    const Time spread = weather.latency_most - weather.latency_least;
    return weather.latency_least + random_.below(spread + 1);
}

std::vector<Time> Network::deliveries(NodeIndex from, NodeIndex to) {
    std::vector<Time> times;
    if (!passes(from, to)) return times;
    const unsigned copies = weather.twice > 0 && random_.chance(weather.twice) ? 2 : 1;
    for (unsigned copy = 0; copy < copies; ++copy) {
        if (weather.loss > 0 && random_.chance(weather.loss)) continue;
        Time after = latency();
        if (weather.late > 0 && random_.chance(weather.late))
            after += random_.below(weather.late_most);
        times.push_back(after);
    }
    return times;
}

void Network::damage(std::string& bytes) {
    if (weather.corrupt <= 0 || bytes.empty() || !random_.chance(weather.corrupt)) return;
    if (random_.chance(0.5)) {
        bytes.resize(random_.below(bytes.size()));
        return;
    }
    for (char& c : bytes)
        c = static_cast<char>(random_.below(256));
}

void Network::calm() {
    weather = Weather{};
    cuts_.clear();
    sides_.clear();
}

}  // namespace hab::ring::sim
