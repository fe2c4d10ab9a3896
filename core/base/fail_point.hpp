// SPDX-License-Identifier: Apache-2.0
// Named places where tests make the world fail: an error or a death at the n-th passage.
#pragma once

#include <string_view>

namespace hab {

/// Marks a place. Does nothing unless the environment variable HAB_FAIL_POINTS names it, e.g.
/// "files.rename=error:ENOSPC@2,install.unpacked=kill": at the second passage of files.rename an
/// Error with that errno is thrown; at the first passage of install.unpacked the process gets SIGKILL.
/// A path part narrows it: "files.write:/hab/pkgs=error:EIO" counts only subjects with that substring.
/// The variable is read once per process and is ignored in set-uid programs. Thread-safe.
/// "@FILE" stands for the rules that FILE has at each passage, if it exists: so a test chooses the
/// moment. Who obeys a rule removes FILE first: it holds once, for whichever process comes first.
void fail_point(std::string_view name, std::string_view subject = {});

}  // namespace hab
