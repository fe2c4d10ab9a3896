// SPDX-License-Identifier: Apache-2.0
#include "hostile/compressions.hpp"
#include "hostile/corpus.hpp"
#include "hostile/tar_bytes.hpp"

namespace hab::hostile {
namespace {

HostileArchive with(std::string title, const TarBytes& tar, std::string install,
                    std::string info = {}) {
    return {std::move(title), [tar] { return compress("zstd", tar.tar()); }, std::move(install),
            std::move(info)};
}

TarBytes evil() {
    return TarBytes().package();
}

void add_symbolic(std::vector<HostileArchive>& all, const std::string& outside) {
    const std::string& p = evil_prefix;
    const std::string victim = outside + "/victim";
    const std::string through = "which is a link or a file";
    all.push_back(with("write-through-absolute-link",
                       evil().link(p + "/l", outside).file(p + "/l/made", "x"), through));
    all.push_back(with("write-through-relative-link",
                       evil().link(p + "/l", "../../../../../../..").file(p + "/l/made", "x"),
                       through));
    all.push_back(with("write-through-two-links",
                       evil().link(p + "/b", outside).link(p + "/a", "b").file(p + "/a/made", "x"),
                       through));
    all.push_back(
        with("link-to-own-parent", evil().link(p + "/l", ".").file(p + "/l/made", "x"), through));
    all.push_back(with("link-loop",
                       evil().link(p + "/a", "b").link(p + "/b", "a").file(p + "/a/made", "x"),
                       through));
    all.push_back(
        with("directory-over-link",
             evil().link(p + "/l", outside).directory(p + "/l", 0777).file(p + "/l/made", "x"),
             through));
    all.push_back(with("link-over-directory",
                       evil().directory(p + "/d").link(p + "/d", outside).file(p + "/d/made", "x"),
                       "would replace a directory"));
    all.push_back(with("link-over-full-directory",
                       evil().file(p + "/d/f", "x").link(p + "/d", outside),
                       "would replace a directory"));
    all.push_back(
        with("file-over-link", evil().link(p + "/f", victim).file(p + "/f", "changed"), ""));
    all.push_back(with("file-over-link-again",
                       evil().link(p + "/f", victim).file(p + "/f", "1").link(p + "/f", victim),
                       ""));
    all.push_back(
        with("mode-through-link", evil().link(p + "/f", victim).file(p + "/f", "x", 04777), ""));
    all.push_back(with("link-to-nothing", evil().link(p + "/l", ""), "is a link to nothing"));
    all.push_back(with("link-to-name-of-5000",
                       evil().gnu_long('K', std::string(5000, 'x')).link(p + "/l", "x"),
                       "a name that is too long", "a name that is too long"));
    all.push_back(with("package-directory-is-a-link",
                       TarBytes().link(p, outside).file(p + "/made", "x"),
                       "should be the package's directory", "there is no IDENT"));
    all.push_back(with("origin-directory-is-a-link", evil().link("hab/pkgs/acme", outside),
                       "lies outside hab/pkgs/"));
    all.push_back(
        with("hab-is-a-link", TarBytes().link("hab", "/").package(), "lies outside hab/pkgs/"));
}

void add_hard(std::vector<HostileArchive>& all, const std::string& outside) {
    const std::string& p = evil_prefix;
    const std::string victim = outside + "/victim";
    const std::string no_file = "which is no file of the package";
    all.push_back(
        with("hard-link-absolute", evil().hard_link(p + "/h", victim), "outside the package"));
    all.push_back(with("hard-link-dot-dot",
                       evil().hard_link(p + "/h", p + "/../../../../../../.." + victim),
                       "has '..' in its name"));
    all.push_back(with("hard-link-other-package",
                       evil().hard_link(p + "/h", "hab/pkgs/core/glibc/1/2/lib/libc.so"),
                       "outside the package"));
    all.push_back(with("hard-link-to-link",
                       evil().link(p + "/l", victim).hard_link(p + "/h", p + "/l"), no_file));
    all.push_back(with("hard-link-through-link",
                       evil().link(p + "/l", outside).hard_link(p + "/h", p + "/l/victim"),
                       "passes through 'l'"));
    all.push_back(with("hard-link-to-directory",
                       evil().directory(p + "/d").hard_link(p + "/h", p + "/d"), no_file));
    all.push_back(with("hard-link-to-missing", evil().hard_link(p + "/h", p + "/none"), no_file));
    all.push_back(with("hard-link-before-its-file",
                       evil().hard_link(p + "/h", p + "/f").file(p + "/f", "x"), no_file));
    all.push_back(with("hard-link-to-itself",
                       evil().file(p + "/f", "x").hard_link(p + "/f", p + "/f"),
                       "a hard link to itself"));
    all.push_back(with("hard-link-over-directory",
                       evil().directory(p + "/d").file(p + "/f", "x").hard_link(p + "/d", p + "/f"),
                       "would replace a directory"));
    all.push_back(with("hard-link-to-nothing", evil().hard_link(p + "/h", ""),
                       "is a link to nothing", "is a link to nothing"));
    all.push_back(with("hard-link-as-package-directory", evil().hard_link(p, p + "/IDENT"),
                       "outside the package"));
    all.push_back(with("hard-link-swapped-for-a-link",
                       evil()
                           .file(p + "/a", "x")
                           .hard_link(p + "/b", p + "/a")
                           .link(p + "/a", victim)
                           .file(p + "/a", "changed")
                           .file(p + "/b", "changed"),
                       ""));
    const std::string content = "has content, but is no file";
    all.push_back(with("hard-link-with-content",
                       evil()
                           .file(p + "/f", "x")
                           .member({.name = p + "/h", .type = '1', .link = p + "/f"}, "content"),
                       content, content));
    all.push_back(with("link-with-content",
                       evil().member({.name = p + "/l", .type = '2', .link = "f"}, "content"),
                       content, content));
}

}  // namespace

void add_links(std::vector<HostileArchive>& all, const std::string& outside) {
    add_symbolic(all, outside);
    add_hard(all, outside);
}

void add_kinds(std::vector<HostileArchive>& all) {
    const std::string& p = evil_prefix;
    const auto kind = [&p](char type, const std::string& name = "/k") {
        return evil().member({.name = p + name, .type = type});
    };
    const std::string device = "is a device, a socket or a FIFO";
    all.push_back(with("character-device", kind('3'), device));
    all.push_back(with("block-device", kind('4'), device));
    all.push_back(with("fifo", kind('6'), device));
    all.push_back(with("device-with-escape-in-its-name", kind('3', "/\x1b[2J\xc2\x9b"), device));
    for (const char type : {'V', 'M', 'D', 'N', 'Z', '\x01'}) {
        const std::string unknown = "which packages do not have";
        all.push_back(with("kind-" + std::to_string(type), kind(type), unknown, unknown));
    }
    const std::string holes = "is a file with holes";
    all.push_back(with("sparse-gnu", kind('S'), holes, holes));
    const std::string pax_holes = "it has files with holes";
    all.push_back(with(
        "sparse-pax",
        evil().pax({{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"}}).file(p + "/s", "0\n"),
        pax_holes, pax_holes));
    const std::string slash = "whose name ends as a directory's";
    all.push_back(with("file-with-slash", evil().file(p + "/f/", "x"), slash, slash));
    all.push_back(with("directory-with-content",
                       evil().member({.name = p + "/d", .type = '5'}, "content"),
                       "has content, but is no file", "has content, but is no file"));
    all.push_back(with("file-over-directory", evil().directory(p + "/d").file(p + "/d", "x"),
                       "would replace a directory"));
    all.push_back(with("directory-over-file", evil().file(p + "/f", "x").directory(p + "/f"),
                       "which is a link or a file"));
    all.push_back(with("file-below-file", evil().file(p + "/f", "x").file(p + "/f/g", "x"),
                       "which is a link or a file"));
    all.push_back(with("file-twice", evil().file(p + "/f", "1").file(p + "/f", "2"), ""));
    all.push_back(with("package-directory-is-a-file", TarBytes().file(p, "x"),
                       "should be the package's directory", "there is no IDENT"));
    all.push_back(with("set-id-and-sticky",
                       evil().file(p + "/f", "x", 07777).directory(p + "/d", 07777), ""));
    all.push_back(with("directory-nobody-may-enter",
                       evil().directory(p + "/d", 0).file(p + "/d/f", "x").directory(p, 0), ""));
}

}  // namespace hab::hostile
