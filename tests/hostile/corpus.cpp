// SPDX-License-Identifier: Apache-2.0
#include "hostile/corpus.hpp"

namespace hab::hostile {

std::vector<HostileArchive> corpus(const std::string& outside) {
    std::vector<HostileArchive> all;
    add_names(all, outside);
    add_links(all, outside);
    add_kinds(all);
    add_headers(all, outside);
    add_streams(all);
    add_bombs(all);
    add_metafiles(all, outside);
    return all;
}

}  // namespace hab::hostile
