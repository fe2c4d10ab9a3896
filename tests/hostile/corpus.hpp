// SPDX-License-Identifier: Apache-2.0
// Archives that try to get out of their package, to mean two things, or to eat the machine.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace hab::hostile {

struct HostileArchive {
    std::string name;
    /// What comes after the header of the artifact; made when it is asked for.
    std::function<std::string()> payload;
    /// Part of the sentence with which an install, and a reader of metafiles, refuse it. Empty: it is
    /// accepted, because it does no harm.
    std::string install;
    std::string info;
};

/// `outside` is a directory that exists; archives aim at it and at "victim" in it.
[[nodiscard]] std::vector<HostileArchive> corpus(const std::string& outside);

/// Its parts.
void add_names(std::vector<HostileArchive>& all, const std::string& outside);
void add_links(std::vector<HostileArchive>& all, const std::string& outside);
void add_kinds(std::vector<HostileArchive>& all);
void add_headers(std::vector<HostileArchive>& all, const std::string& outside);
void add_streams(std::vector<HostileArchive>& all);
void add_bombs(std::vector<HostileArchive>& all);
void add_metafiles(std::vector<HostileArchive>& all, const std::string& outside);

}  // namespace hab::hostile
