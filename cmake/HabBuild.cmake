# SPDX-License-Identifier: Apache-2.0
# How everything is compiled: one place for the language level, warnings, sanitizers and the directory layout.

include(GNUInstallDirs)

option(HAB_BUILD_TESTS "Build the tests" ON)
option(HAB_BUILD_FUZZERS "Build the libFuzzer targets (needs clang)" OFF)
set(HAB_SANITIZE "" CACHE STRING "Sanitizers for everything but the static launcher, e.g. address,undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

# The build tree has the layout of the installed tree, so that programs find each other and their
# plugins by the same relative paths in tests and after installation.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(HAB_LIBEXEC_OUTPUT_DIR ${CMAKE_BINARY_DIR}/libexec/hab)
set(HAB_PLUGIN_OUTPUT_DIR ${CMAKE_BINARY_DIR}/lib/hab/plugins/1)
set(HAB_MODULE_OUTPUT_DIR ${CMAKE_BINARY_DIR}/lib/hab/modules)
set(HAB_SHARE_OUTPUT_DIR ${CMAKE_BINARY_DIR}/share/hab)
set(HAB_PLUGIN_INSTALL_DIR lib/hab/plugins/1)
set(HAB_MODULE_INSTALL_DIR lib/hab/modules)

# hab::warnings: flags that our own code is clean under. Warnings are errors where we work (dev, tsan, fuzz) but not
# in what users build: optimizers see things that are not there. g++ 12 takes moved variants of strings for
# uninitialized.
add_library(hab_warnings INTERFACE)
add_library(hab::warnings ALIAS hab_warnings)
target_compile_options(hab_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow $<$<NOT:$<CONFIG:Release>>:-Werror>
    $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>
    $<$<AND:$<CONFIG:Release>,$<COMPILE_LANG_AND_ID:CXX,GNU>>:-Wno-maybe-uninitialized>)

# hab::sanitizers: everything links it but the launcher, which is fully static.
add_library(hab_sanitizers INTERFACE)
add_library(hab::sanitizers ALIAS hab_sanitizers)
if(HAB_SANITIZE)
    target_compile_options(hab_sanitizers INTERFACE
        -fsanitize=${HAB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(hab_sanitizers INTERFACE -fsanitize=${HAB_SANITIZE})
    # UBSan's texts are a description for each check: 70 MB of relocations in a debug `hab`, which then takes 200 ms to
    # start and to be searched for leaks. A trap says as much where ASan prints its stack (handle_sigill=1, scripts/test).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND HAB_SANITIZE MATCHES "undefined")
        target_compile_options(hab_sanitizers INTERFACE -fsanitize-undefined-trap-on-error)
    endif()
    # Plugins are linked with -z defs, which clang's static runtime cannot satisfy. Fuzzers load none.
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang AND NOT HAB_BUILD_FUZZERS)
        target_link_options(hab_sanitizers INTERFACE -shared-libsan)
    endif()
endif()

# hab::hardening: what a release binary gets on top.
add_library(hab_hardening INTERFACE)
add_library(hab::hardening ALIAS hab_hardening)
target_link_options(hab_hardening INTERFACE -Wl,-z,relro -Wl,--as-needed)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(hab_hardening INTERFACE
        -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
