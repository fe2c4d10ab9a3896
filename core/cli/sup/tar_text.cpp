// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/tar_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

namespace hab::cli {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t longest_name = 100;

// Offsets of the fields of a ustar header (POSIX 1003.1, pax, "ustar Interchange Format").
constexpr std::size_t at_mode = 100, at_uid = 108, at_gid = 116, at_size = 124, at_time = 136,
                      at_sum = 148, at_type = 156, at_magic = 257, at_user = 265, at_group = 297;

void put(std::string& header, std::size_t at, std::string_view text) {
    header.replace(at, text.size(), text);
}

}  // namespace

void TarText::add(std::string_view name, std::string_view content) {
    if (name.size() > longest_name) name.remove_prefix(name.size() - longest_name);
    std::string header(block, '\0');
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time_.time_since_epoch()).count();
    put(header, 0, name);
    put(header, at_mode, "0000600");
    put(header, at_uid, "0000000");
    put(header, at_gid, "0000000");
    put(header, at_size, fmt::format("{:011o}", content.size()));
    put(header, at_time, fmt::format("{:011o}", seconds));
    put(header, at_sum, "        ");
    header[at_type] = '0';
    put(header, at_magic, std::string_view("ustar\00000", 8));
    put(header, at_user, "root");
    put(header, at_group, "root");
    unsigned sum = 0;
    for (const char byte : header)
        sum += static_cast<unsigned char>(byte);
    put(header, at_sum, fmt::format("{:06o}", sum));
    header[at_sum + 6] = '\0';
    bytes_ += header;
    bytes_ += content;
    bytes_.append((block - content.size() % block) % block, '\0');
}

std::string TarText::finish() && {
    bytes_.append(2 * block, '\0');
    return std::move(bytes_);
}

}  // namespace hab::cli
