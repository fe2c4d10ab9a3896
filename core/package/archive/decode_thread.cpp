// SPDX-License-Identifier: Apache-2.0
#include "package/archive/decode_thread.hpp"

#include <fmt/format.h>

#include <utility>

#include "package/archive/decoder.hpp"
#include "package/archive/refusal.hpp"

namespace hab::package {
namespace {

constexpr std::size_t block_size = 1u << 19;
constexpr std::size_t max_ready = 8;

}  // namespace

DecodeThread::DecodeThread(const ByteSource& source, std::string what, const ReadLimits& limits,
                           unsigned workers)
    : source_(source), what_(std::move(what)), limits_(limits), workers_(workers), thread_([this] {
          run();
      }) {}

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
    DecoderInput input(source_);
    const auto decoder = make_decoder(input, what_, {workers_, limits_.decoder_memory});
    std::uint64_t content = 0;
    for (;;) {
        Block block = empty_block();
        std::size_t have = 0;
        while (have < block_size) {
            const std::size_t n =
                decoder->read(std::span(block.bytes.get() + have, block_size - have));
            if (n == 0) break;
            have += n;
        }
        if (have == 0) return;
        content += have;
        if (content > limits_.free_content + limits_.max_ratio * input.delivered()) {
            refuse_content(what_, fmt::format("{} bytes become more than {}: it is a bomb",
                                              input.delivered(), content));
        }
        block.size = have;
        if (!push(std::move(block))) return;
    }
}

DecodeThread::Block DecodeThread::empty_block() {
    {
        const std::lock_guard lock(mutex_);
        if (!spare_.empty()) {
            Block block = std::move(spare_.back());
            spare_.pop_back();
            return block;
        }
    }
    return {std::make_unique_for_overwrite<std::byte[]>(block_size), 0};
}

bool DecodeThread::push(Block&& block) {
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
    if (current_.bytes) spare_.push_back(std::move(current_));
    current_ = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return {current_.bytes.get(), current_.size};
}

}  // namespace hab::package
