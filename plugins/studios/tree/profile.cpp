// SPDX-License-Identifier: Apache-2.0
#include "tree/profile.hpp"

namespace studio_tree {
namespace {

// PATH is what the studio was started with: which packages are seen is decided outside.
constexpr std::string_view common =
    "umask 0022\n"
    "export HAB_BINLINK_DIR=/hab/bin\n"
    "export GREP_COLORS='mt=01;32'\n"
    "if [ -d /usr/share/terminfo ] && [ -z \"${TERMINFO:-}\" ]; then\n"
    "  export TERMINFO_DIRS=/usr/share/terminfo\n"
    "fi\n"
    "if [ \"${STUDIO_ENTER:-}\" = true ] && [ -r /etc/profile.enter ]; then\n"
    "  . /etc/profile.enter\n"
    "fi\n";

}  // namespace

std::string profile(std::string_view type) {
    return "# Read by login shells in this studio.\nexport STUDIO_TYPE=\"${STUDIO_TYPE:-" +
           std::string(type) + "}\"\n" + std::string(common);
}

const std::string_view profile_enter =
    "# Read by 'hab studio enter'. A source directory may bring its own settings.\n"
    "PS1='[\\#][studio:\\w]\\$ '\n"
    "if [ -f /src/.studiorc ] && [ -z \"${HAB_STUDIO_NOSTUDIORC:-}\" ]; then\n"
    "  . /src/.studiorc\n"
    "fi\n";

const std::string_view init_script =
    "#!/bin/sh\n"
    "# First program of an image made of this tree: the words given, or a shell.\n"
    "if [ -r /etc/profile ]; then . /etc/profile; fi\n"
    "if [ $# -eq 0 ]; then exec /bin/sh -l; fi\n"
    "exec \"$@\"\n";

}  // namespace studio_tree
