#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each part of the ABI compiles alone, as C11 and C++20, without warnings, and needs no other header
# (scripts/checks/sdk-headers does the C++ wrappers). usage: compile_alone.sh C_COMPILER CXX_COMPILER INCLUDE_DIR
set -eu
cc=$1 cxx=$2 include=$3
warnings="-Wall -Wextra -Wpedantic -Wshadow -Werror"
for header in "$include"/hab/plugin.h "$include"/hab/abi/*.h; do
    "$cc" -std=c11 $warnings -fsyntax-only -I"$include" -include "$header" -x c /dev/null
    "$cxx" -std=c++20 $warnings -Wconversion -fsyntax-only -I"$include" -include "$header" -x c++ /dev/null
done
# Nothing but the two promised headers is needed in C.
others=$(cat "$include"/hab/plugin.h "$include"/hab/abi/*.h | sed -n 's/^#include <\(.*\)>.*/\1/p' |
         grep -v -x -e stddef.h -e stdint.h || true)
[ -z "$others" ] || { echo "the ABI includes $others"; exit 1; }
