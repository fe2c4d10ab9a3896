// SPDX-License-Identifier: Apache-2.0
#include "package/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace hab::package {

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr error;
    const auto loop = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++)
                work(i);
        } catch (...) {  // the edge of a thread: carried over to the caller's
            next = count;
            const std::lock_guard lock(mutex);
            if (!error) error = std::current_exception();
        }
    };
    // The library reads a file to answer that.
    const std::size_t processors =
        count > 1 ? std::max(1u, std::thread::hardware_concurrency()) : 1;
    std::vector<std::jthread> others;
    try {
        for (std::size_t i = 1; i < std::min(processors, count); ++i)
            others.emplace_back(loop);
    } catch (const std::system_error&) {
        // No more threads are allowed: fewer do the same work.
    }
    loop();
    others.clear();
    if (error) std::rethrow_exception(error);
}

}  // namespace hab::package
