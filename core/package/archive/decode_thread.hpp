// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "package/archive_module.hpp"

namespace hab::package {

/// Reads and decompresses a source in a thread of its own, so that hashing and decompression run
/// while the caller writes files. A few blocks wait in between at most.
class DecodeThread {
public:
    /// `workers`: threads of the xz decoder itself; 1 for readers that stop early.
    DecodeThread(const ByteSource& source, std::string what, const ReadLimits& limits,
                 unsigned workers);
    DecodeThread(const DecodeThread&) = delete;
    DecodeThread& operator=(const DecodeThread&) = delete;
    /// Stops the thread and waits for it.
    ~DecodeThread();

    /// The next decompressed bytes, valid until the next call; empty when the source has ended.
    /// Throws what the source or the decoder threw, and invalid_input for a bomb.
    [[nodiscard]] std::span<const std::byte> next();

private:
    /// Not a vector, which would fill it with zeros first.
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };

    void run();
    void decode_all();
    /// Hands a block over; false when nobody wants more.
    bool push(Block&& block);
    Block empty_block();

    const ByteSource& source_;
    const std::string what_;
    const ReadLimits limits_;
    const unsigned workers_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Block> ready_;
    std::vector<Block> spare_;
    Block current_;
    std::exception_ptr failure_;
    bool ended_ = false;
    bool unwanted_ = false;
    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace hab::package
