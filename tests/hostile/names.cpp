// SPDX-License-Identifier: Apache-2.0
#include "hostile/compressions.hpp"
#include "hostile/corpus.hpp"
#include "hostile/tar_bytes.hpp"

namespace hab::hostile {
namespace {

std::string repeat(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

/// A package and one more file of that name, which may be long or have any byte.
HostileArchive named(std::string title, const std::string& name, std::string install,
                     std::string info = {}) {
    const auto payload = [name] {
        TarBytes tar;
        tar.package();
        if (name.size() > 100) tar.gnu_long('L', name);
        return compress("zstd", tar.file(name.substr(0, 100), "x").tar());
    };
    return {std::move(title), payload, std::move(install), std::move(info)};
}

}  // namespace

void add_names(std::vector<HostileArchive>& all, const std::string& outside) {
    const std::string& p = evil_prefix;
    const std::string up = "../../../../../../..";
    all.push_back(named("absolute", outside + "/made", "has an absolute name"));
    all.push_back(named("absolute-two-slashes", "/" + outside + "/made", "has an absolute name"));
    all.push_back(named("dot-dot-first", up + outside + "/made", "has '..' in its name"));
    all.push_back(
        named("dot-dot-middle", p + "/bin/" + up + outside + "/made", "has '..' in its name"));
    all.push_back(named("dot-dot-last", p + "/bin/..", "has '..' in its name"));
    all.push_back(named("dot-dot-above-package", "hab/pkgs/../../a/b/c", "has '..' in its name"));
    all.push_back(named("dot-dot-as-origin", "hab/pkgs/../x/1/2/f", "has '..' in its name"));
    all.push_back(named("dot-dot-backslash", p + "/..\\..\\made", ""));
    all.push_back(named("dot-part", p + "/./made", "has a name with an empty part"));
    all.push_back(named("empty-part", p + "//made", "has a name with an empty part"));
    all.push_back(named("leading-dot-slash", "./" + p + "/made", "lies outside hab/pkgs/"));
    all.push_back(named("foreign-prefix", "etc/passwd", "lies outside hab/pkgs/"));
    all.push_back(named("prefix-that-only-begins-alike", "hab/pkgs2/a/b/1/2/f", "lies outside"));
    all.push_back(named("prefix-of-macos", "opt/" + p + "/made", "lies outside hab/pkgs/"));
    all.push_back(named("second-release", "hab/pkgs/acme/evil/1/20260101000001/f",
                        "lies outside the package"));
    all.push_back(named("second-origin", "hab/pkgs/core/glibc/1/20260101000000/f",
                        "lies outside the package"));
    all.push_back(named("upper-case-of-the-package", "hab/pkgs/ACME/evil/1/20260101000000/f",
                        "lies outside the package"));
    all.push_back(named("name-of-5000", p + "/" + repeat("abcd/", 1000) + "f",
                        "a name that is too long", "a name that is too long"));
    all.push_back(named("part-of-300", p + "/" + repeat("x", 300), "a name that is too long"));
    all.push_back(named("depth-2000", p + "/" + repeat("d/", 1980) + "f", "is nested too deeply"));
    all.push_back(named("depth-1000000", p + "/" + repeat("d/", 1'000'000) + "f",
                        "a special header is too large", "a special header is too large"));
    all.push_back(named("not-utf8", p + "/\xff\xfe\x80", ""));
    all.push_back(named("line-break", p + "/a\nb", ""));
    all.push_back(named("long-name-with-nul",
                        p + "/" + repeat("y", 100) + std::string("\0/../z", 6),
                        "a long name has a NUL", "a long name has a NUL"));
    all.push_back(named("no-name", "", "a member has no name", "a member has no name"));
    const auto only = [](const std::string& name) {
        return [name] { return compress("zstd", TarBytes().file(name, "x").tar()); };
    };
    all.push_back({"origin-like-an-option", only("hab/pkgs/-rf/evil/1/2/IDENT"),
                   "is not the directory of one", "there is no TARGET"});
    all.push_back({"origin-with-escape", only("hab/pkgs/\x1b]0;x\x07/evil/1/2/IDENT"),
                   "has a name that no package has", "there is no TARGET"});
    all.push_back({"nothing-but-directories",
                   [] { return compress("zstd", TarBytes().directory("hab/pkgs/acme").tar()); },
                   "there is nothing below hab/pkgs", "there is no IDENT"});
}

}  // namespace hab::hostile
