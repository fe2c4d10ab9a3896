// SPDX-License-Identifier: Apache-2.0
// docs/operations.md says the same at length.
#include "cli/self/man_pages.hpp"

namespace hab::cli {

std::string supervisor_sections() {
    return R"(.SH SIGNALS
Send them to hab\-launch, whose process id is in
.IR /hab/launcher/PID ,
never to hab\-sup.
.TP
.BR TERM ", " INT
every service is stopped, then Supervisor and launcher exit 0
.TP
.BR TERM ", " INT " again"
hab\-sup is killed, services get TERM and after 8 seconds KILL
.TP
.B HUP
hab\-sup starts anew; services keep running
.SH "EXIT STATUS"
Of
.BR "hab sup run" :
.TP
0
stopped as asked, or only information was printed
.TP
1
the Supervisor could not be started, or the package that was named cannot be
loaded and nothing else is loaded
.TP
2
wrong usage
.TP
86
the Supervisor gave up: bad option, another Supervisor runs, a port is in use
.SH FILES
.TP
.I /hab/launcher/PID
process id of hab\-launch, while it runs
.TP
.I /hab/sup/default/sup.log
console of
.B hab sup run \-\-daemon
.TP
.I /hab/sup/default/CTL_SECRET
secret of the control gateway, mode 0600
.TP
.I /hab/sup/default/listen.json
addresses of the gateways, while it runs
.TP
.I /hab/sup/default/specs/
what is loaded, one file for each service
.TP
.I /hab/user/NAME/config/user.toml
your configuration of a service
)";
}

}  // namespace hab::cli
