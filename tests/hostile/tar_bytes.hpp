// SPDX-License-Identifier: Apache-2.0
// Tar archives written byte by byte, so that they can be as no honest program makes them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hab::hostile {

/// "hab/pkgs/acme/evil/1/20260101000000": the package that all of these archives claim to be.
extern const std::string evil_ident;
extern const std::string evil_prefix;
/// The target this build is for, as metafile TARGET has it.
std::string active_target();

struct RawHeader {
    std::string name;
    char type = '0';
    std::string link = {};
    unsigned mode = 0644;
    std::uint64_t size = 0;
    /// Bytes for the size field instead of octal digits.
    std::string size_field = {};
    std::string magic = std::string(
        "ustar\0"
        "00",
        8);
    std::string prefix = {};
    int checksum_error = 0;
};

class TarBytes {
public:
    /// The header as it is, then the content and its padding.
    TarBytes& member(const RawHeader& header, const std::string& content = {});
    TarBytes& file(const std::string& name, const std::string& content, unsigned mode = 0644);
    TarBytes& directory(const std::string& name, unsigned mode = 0755);
    TarBytes& link(const std::string& name, const std::string& target);
    TarBytes& hard_link(const std::string& name, const std::string& target);
    /// An extended header ('x', or 'g' for all members) from records; or from text as it is.
    TarBytes& pax(const std::vector<std::pair<std::string, std::string>>& records, char type = 'x');
    TarBytes& pax_text(const std::string& text, char type = 'x');
    /// GNU's header before a member: 'L' for its name, 'K' for its link.
    TarBytes& gnu_long(char type, const std::string& text);
    TarBytes& raw(const std::string& bytes);
    /// Directory, IDENT and TARGET of the package, so that only what follows is wrong.
    TarBytes& package();

    /// With the end mark, and without.
    [[nodiscard]] std::string tar() const { return bytes_ + std::string(1024, '\0'); }
    [[nodiscard]] const std::string& unfinished() const { return bytes_; }

private:
    std::string bytes_;
};

}  // namespace hab::hostile
