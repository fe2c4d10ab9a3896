// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "package/archive_module.hpp"

namespace hab::package {

/// A streaming compressor with its own threads. The compressed bytes depend on the input, the
/// format and the level only: never on the number of threads or on how the input was cut into
/// pieces.
class Compressor {
public:
    virtual ~Compressor() = default;
    virtual void write(std::span<const std::byte> bytes) = 0;
    virtual void finish() = 0;
};

/// `sink` is called from the thread that calls write() and finish(). The level is one that
/// parse_compression lets pass.
[[nodiscard]] std::unique_ptr<Compressor> make_compressor(const PackOptions& options,
                                                          const ByteSink& sink);

}  // namespace hab::package
