// SPDX-License-Identifier: Apache-2.0
#include "image_tar.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include <hab/studio.hpp>

namespace docker_studio {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block = 512;
constexpr std::size_t name_size = 100;

/// The header of ustar, as POSIX lays it out.
struct Header {
    char name[name_size];
    char mode[8];
    char uid[8];
    char gid[8];
    char size[12];
    char mtime[12];
    char checksum[8];
    char type;
    char link[name_size];
    char magic[6];
    char version[2];
    char user[32];
    char group[32];
    char major[8];
    char minor[8];
    char prefix[155];
    char padding[12];
};
static_assert(sizeof(Header) == block);

template <std::size_t Size>
void octal(char (&field)[Size], std::uintmax_t number) {
    std::snprintf(field, Size, "%0*jo", static_cast<int>(Size) - 1, number);
}

/// Octal digits hold less than 8 GiB; from there on GNU's binary form, marked by the highest bit.
void put_size(char (&field)[12], std::uintmax_t number) {
    constexpr std::uintmax_t most_octal = 077777777777;
    if (number <= most_octal) {
        octal(field, number);
        return;
    }
    for (std::size_t i = sizeof field; i-- > 0; number >>= 8)
        field[i] = static_cast<char>(number & 0xff);
    field[0] = '\x80';
}

std::size_t padding_of(std::uintmax_t size) {
    return static_cast<std::size_t>((block - size % block) % block);
}

[[noreturn]] void fail(const fs::path& path) {
    hab::sdk::raise(HAB_STATUS_IO, "cannot put '" + path.string() +
                                       "' into the studio's image: " + std::strerror(errno));
}

}  // namespace

void ImageTar::add(const fs::path& source, std::string name) {
    entries_.push_back({source, std::move(name)});
}

void ImageTar::add_tree(const fs::path& source, const std::string& target,
                        const std::vector<std::string>& skip) {
    const auto known = [&](const std::string& name) {
        return std::any_of(entries_.begin(), entries_.end(),
                           [&](const Entry& entry) { return entry.name == name; });
    };
    fs::path above;
    for (const auto& part : fs::path(target).relative_path()) {
        above /= part;
        if (!known(above.string())) add({}, above.string());
    }
    auto walk = fs::recursive_directory_iterator(source);
    for (const auto& entry : walk) {
        const fs::path relative = entry.path().lexically_relative(source);
        if (walk.depth() == 0 &&
            std::find(skip.begin(), skip.end(), relative.string()) != skip.end()) {
            walk.disable_recursion_pending();
            continue;
        }
        add(entry.path(), (above / relative).string());
    }
}

void ImageTar::put_long(const std::string& text, char type) {
    put_header("././@LongLink", {}, type, 0, text.size() + 1, 0);
    pending_ += text;
    pending_.append(1 + padding_of(text.size() + 1), '\0');
}

void ImageTar::put_header(const std::string& name, const std::string& link, char type,
                          unsigned mode, std::uintmax_t size, std::uintmax_t time) {
    if (link.size() >= name_size) put_long(link, 'K');
    if (name.size() >= name_size) put_long(name, 'L');
    Header header{};
    std::memcpy(header.name, name.data(), std::min(name.size(), name_size - 1));
    std::memcpy(header.link, link.data(), std::min(link.size(), name_size - 1));
    octal(header.mode, mode & 07777);
    octal(header.uid, 0);
    octal(header.gid, 0);
    put_size(header.size, size);
    octal(header.mtime, time);
    header.type = type;
    std::memcpy(header.magic, "ustar ", sizeof header.magic);  // GNU's, for the long names
    std::memcpy(header.version, " ", 2);
    std::memset(header.checksum, ' ', sizeof header.checksum);
    unsigned sum = 0;
    std::array<unsigned char, block> bytes{};
    std::memcpy(bytes.data(), &header, block);
    for (const unsigned char byte : bytes)
        sum += byte;
    std::snprintf(header.checksum, sizeof header.checksum, "%06o", sum);
    pending_.append(reinterpret_cast<const char*>(&header), block);
}

void ImageTar::begin(const Entry& entry) {
    if (entry.source.empty()) {
        put_header(entry.name + "/", {}, '5', 0755, 0, 0);
        return;
    }
    struct stat info{};
    if (::lstat(entry.source.c_str(), &info) != 0) fail(entry.source);
    const auto time = static_cast<std::uintmax_t>(std::max<time_t>(info.st_mtime, 0));
    if (S_ISDIR(info.st_mode)) {
        put_header(entry.name + "/", {}, '5', info.st_mode, 0, time);
    } else if (S_ISLNK(info.st_mode)) {
        put_header(entry.name, fs::read_symlink(entry.source).string(), '2', 0777, 0, time);
    } else if (S_ISREG(info.st_mode)) {
        file_.close();
        file_.clear();
        file_.open(entry.source, std::ios::binary);
        if (!file_) fail(entry.source);
        file_path_ = entry.source;
        file_left_ = file_size_ = static_cast<std::uintmax_t>(info.st_size);
        put_header(entry.name, {}, '0', info.st_mode, file_size_, time);
    }
}

/// Makes more to read; false at the end.
bool ImageTar::advance() {
    pending_.clear();
    pending_at_ = 0;
    while (pending_.empty()) {
        if (next_ < entries_.size()) {
            begin(entries_[next_++]);
        } else if (!ended_) {
            ended_ = true;
            pending_.assign(2 * block, '\0');
        } else {
            return false;
        }
    }
    return true;
}

std::size_t ImageTar::read(char* buffer, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
        if (pending_at_ < pending_.size()) {
            const std::size_t part = std::min(size - done, pending_.size() - pending_at_);
            std::memcpy(buffer + done, pending_.data() + pending_at_, part);
            pending_at_ += part;
            done += part;
        } else if (file_left_ > 0) {
            const auto part =
                static_cast<std::size_t>(std::min<std::uintmax_t>(size - done, file_left_));
            file_.read(buffer + done, static_cast<std::streamsize>(part));
            if (static_cast<std::size_t>(file_.gcount()) != part) {
                hab::sdk::raise(HAB_STATUS_IO,
                                "'" + file_path_.string() + "' became shorter while it was read");
            }
            done += part;
            file_left_ -= part;
            if (file_left_ == 0) {
                pending_.assign(padding_of(file_size_), '\0');
                pending_at_ = 0;
            }
        } else if (!advance()) {
            break;
        }
    }
    return done;
}

}  // namespace docker_studio
