// SPDX-License-Identifier: Apache-2.0
#include "build/source_name.hpp"

namespace hab::build {
namespace {

constexpr std::size_t shown_revision = 12;

std::string git_file_name(std::string_view source) {
    const std::size_t hash = source.rfind('#');
    std::string_view url = source.substr(0, hash);
    while (url.ends_with('/'))
        url.remove_suffix(1);
    std::string_view repository = url.substr(url.rfind('/') + 1);
    if (repository.ends_with(".git")) repository.remove_suffix(4);
    std::string name(repository);
    if (hash != source.npos) {
        name += '-';
        for (const char c : source.substr(hash + 1, shown_revision))
            name += c == '/' ? '-' : c;
    }
    return name + ".tar";
}

}  // namespace

std::string source_file_name(std::string_view source) {
    for (const auto& [scheme, suffix] :
         {std::pair<std::string_view, std::string_view>{"deb:", ".deb"}, {"deb-src:", ".tar"}}) {
        if (!source.starts_with(scheme)) continue;
        const std::string_view rest = source.substr(scheme.size());
        return std::string(rest.substr(0, rest.find('='))).append(suffix);
    }
    if (source.starts_with("git+")) return git_file_name(source);
    return std::string(source.substr(source.rfind('/') + 1));
}

}  // namespace hab::build
