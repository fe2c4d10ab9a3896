// SPDX-License-Identifier: Apache-2.0
#include "package/archive/decode_thread.hpp"

#include <utility>

#include "package/archive/decoder.hpp"

namespace hab::package {
namespace {

constexpr std::size_t input_size = 1u << 18;
constexpr std::size_t block_size = 1u << 20;
constexpr std::size_t max_ready = 8;

/// Reads until the buffer is full or the source has ended: the decoder is chosen by the first
/// bytes.
std::size_t fill(const ByteSource& source, std::span<std::byte> buffer) {
    std::size_t have = 0;
    while (have < buffer.size()) {
        const std::size_t n = source(buffer.subspan(have));
        if (n == 0) break;
        have += n;
    }
    return have;
}

}  // namespace

DecodeThread::DecodeThread(const ByteSource& source, std::string what, unsigned workers)
    : source_(source), what_(std::move(what)), workers_(workers), thread_([this] { run(); }) {}

DecodeThread::~DecodeThread() {
    {
        const std::lock_guard lock(mutex_);
        unwanted_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void DecodeThread::run() {
    std::exception_ptr failure;
    try {
        decode_all();
    } catch (...) {  // the edge of a thread: handed over to the one that asks for the bytes
        failure = std::current_exception();
    }
    {
        const std::lock_guard lock(mutex_);
        failure_ = failure;
        ended_ = true;
    }
    changed_.notify_all();
}

void DecodeThread::decode_all() {
    std::vector<std::byte> input(input_size);
    std::span<const std::byte> in = std::span(input).first(fill(source_, input));
    const auto decoder = make_decoder(in, what_, workers_);
    bool at_end = false;
    for (;;) {
        std::vector<std::byte> block;
        {
            const std::lock_guard lock(mutex_);
            if (!spare_.empty()) {
                block = std::move(spare_.back());
                spare_.pop_back();
            }
        }
        block.resize(block_size);
        std::size_t have = 0;
        while (have < block.size() && !decoder->ended()) {
            if (in.empty() && !at_end) {
                in = std::span(input).first(fill(source_, input));
                at_end = in.empty();
            }
            const auto room = std::span(block).subspan(have);
            have += at_end ? decoder->finish(room) : decoder->step(in, room);
        }
        block.resize(have);
        if (have > 0 && !push(std::move(block))) return;
        if (decoder->ended()) break;
    }
    // The source hashes what it delivers: it must see its end even if the stream ended before.
    while (!at_end && wanted() && fill(source_, input) > 0) {
    }
}

bool DecodeThread::wanted() {
    const std::lock_guard lock(mutex_);
    return !unwanted_;
}

bool DecodeThread::push(std::vector<std::byte>&& block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return unwanted_ || ready_.size() < max_ready; });
    if (unwanted_) return false;
    ready_.push_back(std::move(block));
    changed_.notify_all();
    return true;
}

std::span<const std::byte> DecodeThread::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !ready_.empty(); });
    if (ready_.empty()) {
        if (failure_) std::rethrow_exception(failure_);
        return {};
    }
    if (current_.capacity() > 0) spare_.push_back(std::move(current_));
    current_ = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return current_;
}

void DecodeThread::drain() {
    while (!next().empty()) {
    }
}

}  // namespace hab::package
