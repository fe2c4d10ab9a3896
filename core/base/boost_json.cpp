// SPDX-License-Identifier: Apache-2.0
// Boost.JSON's own code: of Debian's two builds of it the shared one makes every program start later,
// and the static one cannot stand in modules.
#include <boost/json/src.hpp>
