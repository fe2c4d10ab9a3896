// SPDX-License-Identifier: Apache-2.0
// Commands that write keys and trust, under kills, errors and power cuts.
#include <sys/stat.h>

#include <regex>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "crypto/key_file.hpp"
#include "fault_sweep.hpp"
#include "package_maker.hpp"

namespace hab::test {
namespace {

/// Whole keys of any name and revision become the same; anything less keeps its bytes.
std::shared_ptr<const std::string> masked_key(const std::string& text) {
    try {
        (void)crypto::parse_key(text, "a key of the test");
        return std::make_shared<const std::string>("a whole key");
    } catch (const Error&) {
        return std::make_shared<const std::string>(text);
    }
}

/// Trust files by the shape of their lines: the number of keys and when they came does not count.
std::shared_ptr<const std::string> masked_trust(const std::string& text) {
    // Fingerprints first: one in 700 of them begins with as many decimal digits as a time has.
    static const std::regex changing("[0-9a-f]{64}|[0-9]{14}");
    const std::string masked = std::regex_replace(text, changing, "*");
    std::set<std::string> lines;
    std::string all;
    for (std::size_t at = 0; at < masked.size();) {
        const std::size_t end = std::min(masked.find('\n', at), masked.size());
        const std::string line = masked.substr(at, end - at);
        if (lines.insert(line).second) all += line + "\n";
        at = end + 1;
    }
    return std::make_shared<const std::string>(all);
}

TreeImage masked(const TreeImage& hab) {
    static const std::regex revision("-[0-9]{14}\\.");
    TreeImage result;
    for (const auto& [name, original] : hab.entries) {
        std::string path = name;
        ImageEntry entry = original;
        if (path.starts_with("cache/keys/") && !is_hidden(path)) {
            path = std::regex_replace(path, revision, "-*.");
            entry.content = masked_key(*entry.content);
        }
        if (path.starts_with("etc/trust/")) entry.content = masked_trust(*entry.content);
        const auto before = result.entries.find(path);
        // Of several keys with one masked name the worst must be seen.
        if (before == result.entries.end() || *entry.content != "a whole key")
            result.entries[path] = entry;
    }
    return result;
}

class KeyFaults : public FaultTest {
protected:
    const crypto::SigningKeyPair pair_ =
        crypto::SigningKeyPair::generate("acme", SystemClock().wall());
};

TEST_F(KeyFaults, Generate) {
    FaultSweep sweep(
        {.name = "generate", .words = {"origin", "key", "generate", "acme"}, .normalise = masked});
    sweep.everything();
}

TEST_F(KeyFaults, GenerateForUser) {
    FaultSweep sweep(
        {.name = "user-key", .words = {"user", "key", "generate", "bob"}, .normalise = masked});
    sweep.kill_everywhere();
    sweep.fail_everywhere(ENOSPC, true);
}

TEST_F(KeyFaults, GenerateForService) {
    FaultSweep sweep({.name = "svc-key",
                      .words = {"svc", "key", "generate", "web.default", "acme"},
                      .normalise = masked});
    sweep.everything();
}

TEST_F(KeyFaults, ImportOfBothParts) {
    for (const bool secret : {false, true}) {
        const std::string text = secret ? pair_.secret_key.to_text() : pair_.public_key.to_text();
        FaultSweep sweep({.name = secret ? "import-secret" : "import",
                          .words = {"origin", "key", "import"},
                          .options = {.input = text}});
        sweep.everything();
    }
}

TEST_F(KeyFaults, TrustAndPin) {
    const PackageMaker maker;
    const std::string name = maker.keys().public_key.name().to_string();
    for (const std::string word : {"trust", "pin"}) {
        FaultSweep sweep({.name = word, .words = {"origin", "key", word, name}});
        sweep.everything();
    }
}

}  // namespace
}  // namespace hab::test
