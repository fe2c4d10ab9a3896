// SPDX-License-Identifier: Apache-2.0
// Boost.JSON, compiled into the plugins that use it: Debian's static archive is not position
// independent, and a shared library would be one more thing to find at run time.
#include <boost/json/src.hpp>
