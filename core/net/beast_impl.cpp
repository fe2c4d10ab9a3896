// SPDX-License-Identifier: Apache-2.0
// The body of Boost.Beast, compiled once for debug and sanitizer builds (see CMakeLists.txt).
#include <boost/beast/src.hpp>
