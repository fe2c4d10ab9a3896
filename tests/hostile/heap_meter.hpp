// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hab::hostile {

/// Peak of the memory that this process, all threads and libraries, has in use between construction
/// and peak(), less what it had before. Sanitizers: bytes allocated (they make resident memory
/// meaningless); otherwise resident bytes. One at a time.
class HeapMeter {
public:
    HeapMeter();
    HeapMeter(const HeapMeter&) = delete;
    HeapMeter& operator=(const HeapMeter&) = delete;
    ~HeapMeter();
    [[nodiscard]] std::uint64_t peak() const;

private:
    std::int64_t before_ = 0;
};

}  // namespace hab::hostile
