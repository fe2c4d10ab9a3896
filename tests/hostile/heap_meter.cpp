// SPDX-License-Identifier: Apache-2.0
#include "hostile/heap_meter.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAB_COUNTS_ALLOCATIONS
// As in clang's sanitizer/allocator_interface.h; gcc has the functions, but not that header.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*,
                                                                           std::size_t),
                                                         void (*on_free)(const volatile void*));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void* block);
#endif

namespace hab::hostile {

#ifdef HAB_COUNTS_ALLOCATIONS
namespace {

// Hooks are functions without context, and are never taken away again.
std::atomic<std::int64_t> in_use{0};
std::atomic<std::int64_t> highest{0};

void count_malloc(const volatile void*, std::size_t size) {
    const std::int64_t now = in_use += static_cast<std::int64_t>(size);
    std::int64_t seen = highest.load();
    while (now > seen && !highest.compare_exchange_weak(seen, now)) {
    }
}

void count_free(const volatile void* block) {
    in_use -=
        static_cast<std::int64_t>(::__sanitizer_get_allocated_size(const_cast<const void*>(block)));
}

}  // namespace

HeapMeter::HeapMeter() {
    static const int installed =
        ::__sanitizer_install_malloc_and_free_hooks(&count_malloc, &count_free);
    if (installed == 0) throw std::runtime_error("this sanitizer has no hooks for allocations");
    before_ = in_use.load();
    highest = before_;
}

std::uint64_t HeapMeter::peak() const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, highest.load() - before_));
}
#else
namespace {

/// Peak of resident memory, in bytes. Writing 5 to clear_refs resets it (proc(5)).
std::int64_t high_water() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word != "VmHWM:") continue;
        std::int64_t kilobytes = 0;
        status >> kilobytes;
        return kilobytes * 1024;
    }
    throw std::runtime_error("/proc/self/status has no VmHWM");
}

}  // namespace

HeapMeter::HeapMeter() {
    // Without the reset the old peak would hide everything that is measured from here on.
    std::ofstream reset("/proc/self/clear_refs");
    if (!(reset << "5\n" << std::flush))
        throw std::runtime_error("cannot reset the peak of memory");
    before_ = high_water();
}

std::uint64_t HeapMeter::peak() const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, high_water() - before_));
}
#endif

HeapMeter::~HeapMeter() = default;

}  // namespace hab::hostile
