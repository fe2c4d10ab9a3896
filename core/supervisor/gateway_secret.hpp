// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hab::supervisor {

/// Compares a secret that a client sent; takes as long for a wrong one as for the right one of the
/// same length, so that answers do not tell how much of a guess was right.
[[nodiscard]] inline bool same_secret(std::string_view given, std::string_view wanted) noexcept {
    if (given.size() != wanted.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < given.size(); ++i) {
        difference |= static_cast<unsigned>(static_cast<unsigned char>(given[i])) ^
                      static_cast<unsigned char>(wanted[i]);
    }
    return difference == 0;
}

}  // namespace hab::supervisor
