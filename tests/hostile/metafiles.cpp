// SPDX-License-Identifier: Apache-2.0
// Metafiles that lie, lead elsewhere or are too large.
#include "hostile/compressions.hpp"
#include "hostile/corpus.hpp"
#include "hostile/tar_bytes.hpp"

namespace hab::hostile {
namespace {

HostileArchive with(std::string title, const TarBytes& tar, std::string install, std::string info) {
    return {std::move(title), [tar] { return compress("zstd", tar.tar()); }, std::move(install),
            std::move(info)};
}

TarBytes with_ident(const std::string& ident) {
    return TarBytes()
        .directory(evil_prefix)
        .file(evil_prefix + "/IDENT", ident)
        .file(evil_prefix + "/TARGET", active_target());
}

using Files = std::vector<std::pair<std::string, std::string>>;

std::string packed(const Files& files) {
    TarBytes tar;
    tar.package();
    for (const auto& [name, content] : files)
        tar.file(evil_prefix + "/" + name, content);
    return compress("zstd", tar.tar());
}

HostileArchive of_size(std::string title, const std::string& name, std::uint64_t size,
                       std::string install, std::string info) {
    const auto payload = [name, size] {
        const std::string head = TarBytes()
                                     .package()
                                     .member({.name = evil_prefix + "/" + name, .size = size})
                                     .unfinished();
        return compress_bomb("zstd", head, size, std::string(1024, '\0'));
    };
    return {std::move(title), payload, std::move(install), std::move(info)};
}

}  // namespace

void add_metafiles(std::vector<HostileArchive>& all, const std::string& outside) {
    const std::string& p = evil_prefix;
    all.push_back(with("no-ident",
                       TarBytes().file(p + "/TARGET", active_target()).file(p + "/f", "x"),
                       "its IDENT says ''", "there is no IDENT"));
    all.push_back(with("ident-of-another", with_ident("core/glibc/2/20260101000000\n"),
                       "its IDENT says 'core/glibc/2/20260101000000'", ""));
    all.push_back(with("ident-with-escape", with_ident("\x1b]0;owned\x07"),
                       "its IDENT says '\\x1b]0;", "its IDENT is not fully qualified"));
    all.push_back(with("ident-that-climbs", with_ident("../../etc/x"),
                       "its IDENT says '../../etc/x'", "its IDENT is not fully qualified"));
    all.push_back(with("ident-not-utf8", with_ident("\xff\xfe"), "is not valid UTF-8",
                       "its IDENT is not valid UTF-8"));
    // The sentence of a refusal must not tell what a link leads to.
    all.push_back(with("ident-is-a-link-to-a-secret",
                       TarBytes().link(p + "/IDENT", outside + "/victim"), "is a link",
                       "there is no IDENT"));
    all.push_back(with("ident-is-a-link-to-zeros", TarBytes().link(p + "/IDENT", "/dev/zero"),
                       "is a link", "there is no IDENT"));
    all.push_back(with("ident-is-a-directory", TarBytes().directory(p + "/IDENT"), "is no file",
                       "there is no IDENT"));
    all.push_back(with("target-of-nobody",
                       TarBytes().file(p + "/IDENT", evil_ident).file(p + "/TARGET", "vax-vms\n"),
                       "is built for 'vax-vms'", "'vax-vms' is not a package target"));
    all.push_back(of_size("ident-of-a-gigabyte", "IDENT", std::uint64_t{1} << 30, "it is a bomb",
                          "its IDENT is too large"));
    all.push_back(of_size("ident-of-20-megabytes", "IDENT", 20u << 20, "is too large",
                          "its IDENT is too large"));
    // Made when they are asked for: a process that measures others should be small itself.
    all.push_back({"tdeps-of-400000",
                   [] {
                       std::string lines;
                       for (int i = 0; i < 400'000; ++i)
                           lines += "a/b/1/2\n";
                       return packed({{"TDEPS", lines}});
                   },
                   "it names more than 10000 packages", ""});
    constexpr std::size_t large = 3u << 20;
    all.push_back({"many-large-metafiles",
                   [] {
                       Files files;
                       for (const char* name :
                            {"DEPS", "TDEPS", "BUILD_DEPS", "BUILD_TDEPS", "MANIFEST", "PATH"})
                           files.emplace_back(name, std::string(large, ' '));
                       return packed(files);
                   },
                   "", "is too large"});
    all.push_back({"one-metafile-five-times",
                   [] { return packed(Files(5, {"MANIFEST", std::string(large, ' ')})); }, "",
                   "its MANIFEST is too large"});
}

}  // namespace hab::hostile
