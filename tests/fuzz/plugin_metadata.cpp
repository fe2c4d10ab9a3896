// SPDX-License-Identifier: Apache-2.0
// Any bytes as a plugin file: the reader must neither crash nor read without bound, and what the
// parser accepts must be printable.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"
#include "plugin/elf_section.hpp"
#include "plugin/metadata.hpp"

namespace {

void parse(std::string_view section) {
    try {
        for (const auto& meta : hab::plugin::parse_metadata(section)) {
            if (!hab::is_utf8(meta.summary) || meta.summary.find('\n') != std::string::npos) {
                std::abort();
            }
        }
    } catch (const hab::Error&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    parse(bytes);
    const hab::UniqueFd fd(::memfd_create("plugin", MFD_CLOEXEC));
    if (!fd || ::write(fd.get(), data, size) != static_cast<ssize_t>(size)) return 0;
    const auto section = hab::plugin::read_elf_section(fd.get(), "habplug");
    if (section.data.size() > (64u << 10)) std::abort();
    parse(section.data);
    return 0;
}
