// SPDX-License-Identifier: Apache-2.0
// Cases written by others. They are no part of this project: their directory is named by
// HAB_SPEC_DIR or is ../shared/data/spec beside the checkout.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace conformance {

[[nodiscard]] inline std::filesystem::path spec_file(std::string_view suite,
                                                     const std::string& name) {
    const char* source = std::getenv("HAB_TEST_SOURCE_DIR");
    const char* given = std::getenv("HAB_SPEC_DIR");
    const std::filesystem::path root =
        given != nullptr
            ? std::filesystem::path(given)
            : std::filesystem::path(source == nullptr ? "." : source) / "../shared/data/spec";
    return root / suite / (name + ".json");
}

/// Reads a file of cases. Whoever names a directory wants the cases: then a missing one fails the
/// test. Without HAB_SPEC_DIR it is skipped with a reason that cannot be overlooked, in CI too,
/// because the data may not be kept in this repository.
#define SPEC_REQUIRE(file)                                                             \
    do {                                                                               \
        if (!std::filesystem::exists(file)) {                                          \
            if (std::getenv("HAB_SPEC_DIR") != nullptr) FAIL() << "missing: " << file; \
            GTEST_SKIP() << "SKIPPED LOUDLY: the specification's cases are not here: " \
                         << "set HAB_SPEC_DIR (looked for " << file << ")";            \
        }                                                                              \
    } while (false)

[[nodiscard]] inline boost::json::value read_spec(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return boost::json::parse(std::string(std::istreambuf_iterator<char>(stream), {}));
}

/// The suites escape for HTML; the engines under test never do.
[[nodiscard]] inline std::string unescape_html(std::string text) {
    const std::pair<const char*, const char*> entities[] = {
        {"&lt;", "<"},   {"&gt;", ">"},   {"&quot;", "\""}, {"&#x27;", "'"},
        {"&#x60;", "`"}, {"&#x3D;", "="}, {"&amp;", "&"}};
    for (const auto& [entity, character] : entities) {
        for (std::size_t at = 0; (at = text.find(entity, at)) != text.npos; ++at) {
            text.replace(at, std::string_view(entity).size(), character);
        }
    }
    return text;
}

}  // namespace conformance
