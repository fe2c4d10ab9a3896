// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "package/archive_module.hpp"

namespace hab::package {

/// Reads and decompresses (xz or zstd, told by its first bytes) a source in a thread of its own, so
/// that hashing and decompression run while the caller writes files. A few blocks wait in between
/// at most.
class DecodeThread {
public:
    /// `workers`: threads of the xz decoder itself; 1 for readers that stop early.
    DecodeThread(const ByteSource& source, std::string what, unsigned workers);
    DecodeThread(const DecodeThread&) = delete;
    DecodeThread& operator=(const DecodeThread&) = delete;
    /// Stops the thread and waits for it.
    ~DecodeThread();

    /// The next decompressed bytes, valid until the next call; empty at the end. Throws what the
    /// source or the decoder threw.
    [[nodiscard]] std::span<const std::byte> next();
    /// Takes whatever is left, until the source has ended. Throws as next().
    void drain();

private:
    void run();
    void decode_all();
    /// Hands a block over; false when nobody wants more.
    bool push(std::vector<std::byte>&& block);
    bool wanted();

    const ByteSource& source_;
    const std::string what_;
    const unsigned workers_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::vector<std::byte>> ready_;
    std::vector<std::vector<std::byte>> spare_;
    std::vector<std::byte> current_;
    std::exception_ptr failure_;
    bool ended_ = false;
    bool unwanted_ = false;
    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace hab::package
