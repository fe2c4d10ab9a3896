// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace hab::package {

/// A streaming decompressor for one xz or zstd stream; bytes after its end are ignored.
class Decoder {
public:
    virtual ~Decoder() = default;
    /// Takes bytes from the front of `in` and writes to the front of `out`; returns how many it
    /// wrote. `in` is shortened. Throws invalid_input for damaged data.
    virtual std::size_t step(std::span<const std::byte>& in, std::span<std::byte> out) = 0;
    /// All input has been seen: like step, but throws when the stream is not complete. 0 at its
    /// end.
    virtual std::size_t finish(std::span<std::byte> out) = 0;
    [[nodiscard]] virtual bool ended() const noexcept = 0;
};

/// Chooses by the first bytes of the stream (at least 6 unless it is shorter). Throws invalid_input
/// for an unknown format. `what` names the archive in errors.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(std::span<const std::byte> start,
                                                    std::string what, unsigned workers);

}  // namespace hab::package
