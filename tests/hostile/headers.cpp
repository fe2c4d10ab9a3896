// SPDX-License-Identifier: Apache-2.0
// Headers that two readers could understand differently.
#include "hostile/compressions.hpp"
#include "hostile/corpus.hpp"
#include "hostile/tar_bytes.hpp"

namespace hab::hostile {
namespace {

/// A function: the corpus must not depend on which file's constants are made first.
std::string name_of_file() {
    return evil_prefix + "/f";
}

/// Refused alike by every reader.
HostileArchive both(std::string title, const TarBytes& tar, const std::string& sentence) {
    return {std::move(title), [tar] { return compress("zstd", tar.tar()); }, sentence, sentence};
}

TarBytes evil() {
    return TarBytes().package();
}

void add_sizes(std::vector<HostileArchive>& all) {
    const std::string file_name = name_of_file();
    const std::string differ = "by its extended header";
    const std::string second = TarBytes().file(evil_prefix + "/hidden", "x").unfinished();
    all.push_back(
        both("pax-size-smaller", evil().pax({{"size", "0"}}).file(file_name, second), differ));
    all.push_back(both("pax-size-larger",
                       evil().pax({{"size", "1024"}}).member({.name = file_name}).raw(second),
                       differ));
    all.push_back(
        both("pax-size-of-empty-file", evil().pax({{"size", "1"}}).file(file_name, ""), differ));
    all.push_back(both("pax-size-beyond-64-bits",
                       evil().pax({{"size", "99999999999999999999999"}}).file(file_name, "x"),
                       "a bad value for 'size'"));
    all.push_back(both("pax-size-negative", evil().pax({{"size", "-1"}}).file(file_name, "x"),
                       "a bad value for 'size'"));
    all.push_back(both("pax-size-beyond-63-bits",
                       evil().pax({{"size", "18446744073709551615"}}).file(file_name, "x"),
                       differ));
    all.push_back(both("pax-size-twice",
                       evil().pax({{"size", "1"}, {"size", "1"}}).file(file_name, "x"),
                       "two values for 'size'"));
    all.push_back(both("pax-size-huge",
                       evil().pax({{"size", "9000000000000"}}).file(file_name, "x"),
                       "it ends in the middle of a member"));
    all.push_back(both("size-negative",
                       evil().member({.name = file_name, .size_field = std::string(12, '\xff')}),
                       "a negative size"));
    all.push_back(
        both("size-base-256-huge",
             evil().member({.name = file_name,
                            .size_field = std::string("\x80\0\0\0\x7f\0\0\0\0\0\0\0", 12)}),
             "it ends in the middle of a member"));
    all.push_back(
        both("size-base-256-beyond-63-bits",
             evil().member({.name = file_name,
                            .size_field = std::string("\x80\1\0\0\xff\0\0\0\0\0\0\0", 12)}),
             "a number that is none"));
    all.push_back(both("size-no-number",
                       evil().member({.name = file_name, .size_field = "0x000000010"}),
                       "a number that is none"));
    all.push_back(both("size-number-then-more",
                       evil().member({.name = file_name, .size_field = "1 7"}),
                       "a number that is none"));
}

void add_extended(std::vector<HostileArchive>& all, const std::string& outside) {
    const std::string file_name = name_of_file();
    all.push_back(
        both("pax-path-nul",
             evil().pax({{"path", file_name + std::string("\0/../x", 6)}}).file(file_name, "x"),
             "a bad value for 'path'"));
    all.push_back(both("pax-path-empty", evil().pax({{"path", ""}}).file(file_name, "x"),
                       "a bad value for 'path'"));
    all.push_back(both("pax-path-twice",
                       evil().pax({{"path", file_name}, {"path", "/etc/x"}}).file(file_name, "x"),
                       "two values for 'path'"));
    all.push_back(
        both("pax-path-and-long-name",
             evil().gnu_long('L', file_name).pax({{"path", "/etc/x"}}).file(file_name, "x"),
             "a long name and an extended one"));
    all.push_back(both("pax-link-and-long-link",
                       evil().gnu_long('K', "a").pax({{"linkpath", "b"}}).link(file_name, "c"),
                       "a long link name and an extended one"));
    all.push_back(both("pax-header-twice",
                       evil().pax({{"mtime", "1"}}).pax({{"path", "/etc/x"}}).file(file_name, "x"),
                       "two extended headers"));
    all.push_back(both("long-name-twice",
                       evil().gnu_long('L', file_name).gnu_long('L', "/etc/x").file(file_name, "x"),
                       "two long names"));
    all.push_back(both("long-link-twice",
                       evil().gnu_long('K', "a").gnu_long('K', "b").link(file_name, "c"),
                       "two long link names"));
    all.push_back(both("global-path", evil().pax({{"path", "/etc/x"}}, 'g').file(file_name, "x"),
                       "a global header"));
    all.push_back(both("global-size", evil().pax({{"size", "0"}}, 'g').file(file_name, "x"),
                       "a global header"));
    all.push_back(both("pax-mtime-no-number", evil().pax({{"mtime", "now"}}).file(file_name, "x"),
                       "a bad value for 'mtime'"));
    all.push_back(
        both("pax-charset-binary",
             evil().pax({{"hdrcharset", "BINARY"}, {"path", "\xff"}}).file(file_name, "x"), ""));
    all.back().install = "lies outside hab/pkgs/";
    for (const std::string text : {"0 path=x\n", "999 path=x\n", "11 path=xyz", "path=x\n",
                                   "6 =ab\n", "8 nokey\n", "-5 a=b\n", "5 a=b\n5 a=b"}) {
        all.push_back(both("pax-record-" + std::to_string(all.size()),
                           evil().pax_text(text).file(file_name, "x"), "an extended header has"));
    }
    const auto leads_out = [](std::string title, const TarBytes& tar, std::string sentence) {
        return HostileArchive{std::move(title), [tar] { return compress("zstd", tar.tar()); },
                              std::move(sentence), ""};
    };
    all.push_back(leads_out("pax-path-leads-out",
                            evil().pax({{"path", outside + "/made"}}).file(file_name, "x"),
                            "has an absolute name"));
    all.push_back(leads_out("pax-path-dot-dot",
                            evil().pax({{"path", evil_prefix + "/../../x"}}).file(file_name, "x"),
                            "has '..' in its name"));
    all.push_back(
        leads_out("pax-linkpath-leads-out",
                  evil().pax({{"linkpath", outside + "/victim"}}).hard_link(file_name, file_name),
                  "outside the package"));
    all.push_back(
        leads_out("long-link-leads-out",
                  evil().gnu_long('K', outside + "/victim").hard_link(file_name, file_name),
                  "outside the package"));
    all.push_back(leads_out("ustar-prefix-leads-out",
                            evil().member({.name = "made", .prefix = outside}, "x"),
                            "has an absolute name"));
}

void add_ends(std::vector<HostileArchive>& all) {
    const std::string file_name = name_of_file();
    const auto cut = [](std::string title, const std::string& bytes, const std::string& sentence) {
        return HostileArchive{std::move(title), [bytes] { return compress("zstd", bytes); },
                              sentence, sentence};
    };
    const std::string good = evil().file(file_name, std::string(1000, 'x')).unfinished();
    all.push_back(cut("no-end-mark", good, "it ends without its end mark"));
    all.push_back(
        cut("half-an-end-mark", good + std::string(512, '\0'), "its end mark is cut short"));
    all.push_back(
        cut("cut-in-a-header", good + good.substr(0, 300), "it ends in the middle of a header"));
    all.push_back(cut("cut-in-content", good.substr(0, good.size() - 900),
                      "it ends in the middle of a member"));
    all.push_back(cut("cut-in-padding", good.substr(0, good.size() - 5),
                      "it ends in the middle of a member"));
    all.push_back(cut("special-header-at-the-end", TarBytes().raw(good).gnu_long('L', "x").tar(),
                      "it ends after a special header"));
    all.push_back(cut("second-archive-after-the-end",
                      good + std::string(1024, '\0') + TarBytes().file("/etc/x", "x").tar(),
                      "there are bytes after its end"));
    all.push_back(cut("member-after-one-zero-block",
                      good + std::string(512, '\0') + TarBytes().file("/etc/x", "x").tar(),
                      "there are bytes after its end"));
    all.push_back(cut("too-many-zeros", good + std::string(6u << 20, '\0'), "too many zeros"));
    all.push_back(both("checksum-wrong", evil().member({.name = file_name, .checksum_error = 1}),
                       "the checksum of a member's header is wrong"));
    all.push_back(both("special-header-of-a-gigabyte",
                       evil().member({.name = "x", .type = 'L', .size = 1u << 30}),
                       "a special header is too large"));
    all.push_back(both("pax-header-of-a-gigabyte",
                       evil().member({.name = "x", .type = 'x', .size = 1u << 30}),
                       "a special header is too large"));
}

}  // namespace

void add_headers(std::vector<HostileArchive>& all, const std::string& outside) {
    add_sizes(all);
    add_extended(all, outside);
    add_ends(all);
}

}  // namespace hab::hostile
