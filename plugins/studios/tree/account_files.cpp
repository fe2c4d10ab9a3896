// SPDX-License-Identifier: Apache-2.0
// Accounts as in upstream's studios: the same names and numbers, so that plans that mention them
// work.
#include "tree/account_files.hpp"

namespace studio_tree {

const std::string_view passwd =
    "root:x:0:0:root:/root:/bin/sh\n"
    "bin:x:1:1:bin:/dev/null:/bin/false\n"
    "daemon:x:6:6:Daemon User:/dev/null:/bin/false\n"
    "messagebus:x:18:18:D-Bus Message Daemon User:/var/run/dbus:/bin/false\n"
    "nobody:x:99:99:Unprivileged User:/dev/null:/bin/false\n"
    "hab:x:42:42:root:/:/bin/sh\n";

const std::string_view group =
    "root:x:0:\nbin:x:1:daemon\nsys:x:2:\nkmem:x:3:\ntape:x:4:\ntty:x:5:\ndaemon:x:6:\nfloppy:x:7:"
    "\n"
    "disk:x:8:\nlp:x:9:\ndialout:x:10:\naudio:x:11:\nvideo:x:12:\nutmp:x:13:\nusb:x:14:\ncdrom:x:"
    "15:\n"
    "adm:x:16:\nmessagebus:x:18:\nsystemd-journal:x:23:\ninput:x:24:\nmail:x:34:\nnogroup:x:99:\n"
    "users:x:999:\nhab:x:42:hab\n";

const std::string_view nsswitch =
    "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
    "protocols: files\nservices: files\nethers: files\nrpc: files\n";

const std::string_view inputrc =
    "set horizontal-scroll-mode Off\nset meta-flag On\nset input-meta On\nset convert-meta Off\n"
    "set output-meta On\nset bell-style none\n";

}  // namespace studio_tree
