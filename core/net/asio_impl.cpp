// SPDX-License-Identifier: Apache-2.0
// The body of Boost.Asio, compiled once for debug and sanitizer builds (see CMakeLists.txt).
#include <boost/asio/impl/src.hpp>
