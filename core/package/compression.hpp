// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hab::package {

enum class Compression {
    xz,   ///< default: the only one upstream reads
    zstd  ///< same envelope around tar.zst
};

}  // namespace hab::package
