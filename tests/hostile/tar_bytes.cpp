// SPDX-License-Identifier: Apache-2.0
#include "hostile/tar_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "package/target.hpp"

namespace hab::hostile {

const std::string evil_ident = "acme/evil/1/20260101000000";
const std::string evil_prefix = "hab/pkgs/" + evil_ident;

std::string active_target() {
    return package::Target::active().to_string();
}

TarBytes& TarBytes::member(const RawHeader& header, const std::string& content) {
    char block[512] = {};
    const auto put = [&block](std::size_t at, const std::string& text, std::size_t room) {
        std::memcpy(block + at, text.data(), std::min(text.size(), room));
    };
    put(0, header.name, 100);
    put(100, fmt::format("{:07o}", header.mode), 8);
    put(108, "0000000", 8);
    put(116, "0000000", 8);
    const std::uint64_t size = content.empty() ? header.size : content.size();
    put(124, header.size_field.empty() ? fmt::format("{:011o}", size) : header.size_field, 12);
    put(136, fmt::format("{:011o}", 1767225600), 12);
    block[156] = header.type;
    put(157, header.link, 100);
    put(257, header.magic, 8);
    put(345, header.prefix, 155);
    put(148, "        ", 8);
    int sum = header.checksum_error;
    for (const char c : block)
        sum += static_cast<unsigned char>(c);
    put(148, fmt::format("{:06o}", sum) + std::string(1, '\0'), 7);
    bytes_.append(block, sizeof block).append(content);
    bytes_.append((512 - content.size() % 512) % 512, '\0');
    return *this;
}

TarBytes& TarBytes::file(const std::string& name, const std::string& content, unsigned mode) {
    return member({.name = name, .mode = mode}, content);
}

TarBytes& TarBytes::directory(const std::string& name, unsigned mode) {
    return member({.name = name, .type = '5', .mode = mode});
}

TarBytes& TarBytes::link(const std::string& name, const std::string& target) {
    return member({.name = name, .type = '2', .link = target, .mode = 0777});
}

TarBytes& TarBytes::hard_link(const std::string& name, const std::string& target) {
    return member({.name = name, .type = '1', .link = target});
}

TarBytes& TarBytes::pax_text(const std::string& text, char type) {
    return member({.name = "PaxHeaders/x", .type = type}, text);
}

TarBytes& TarBytes::pax(const std::vector<std::pair<std::string, std::string>>& records,
                        char type) {
    std::string text;
    for (const auto& [key, value] : records) {
        const std::string rest = " " + key + "=" + value + "\n";
        std::size_t length = rest.size() + 1;
        while (fmt::formatted_size("{}", length) + rest.size() != length)
            ++length;
        text += std::to_string(length) + rest;
    }
    return pax_text(text, type);
}

TarBytes& TarBytes::gnu_long(char type, const std::string& text) {
    return member({.name = "././@LongLink", .type = type, .magic = std::string("ustar  \0", 8)},
                  text + std::string(1, '\0'));
}

TarBytes& TarBytes::raw(const std::string& bytes) {
    bytes_ += bytes;
    return *this;
}

TarBytes& TarBytes::package() {
    directory(evil_prefix + "/");
    file(evil_prefix + "/IDENT", evil_ident + "\n");
    return file(evil_prefix + "/TARGET", active_target() + "\n");
}

}  // namespace hab::hostile
