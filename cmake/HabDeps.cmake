# SPDX-License-Identifier: Apache-2.0
# Every third-party library, found once. Package names are Debian 12's; docs/decisions/ says why each is here.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS program_options json)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
find_package(LibArchive REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(lzma REQUIRED IMPORTED_TARGET liblzma)     # the settings of .hart files, which libarchive hides
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
find_path(KAINJOW_MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)

add_library(hab_boost_dll INTERFACE)
add_library(hab::boost_dll ALIAS hab_boost_dll)
# BOOST_DLL_USE_STD_FS changes types, so it must be the same everywhere.
target_compile_definitions(hab_boost_dll INTERFACE BOOST_DLL_USE_STD_FS)
target_link_libraries(hab_boost_dll INTERFACE Boost::headers ${CMAKE_DL_LIBS})

add_library(hab_mustache INTERFACE)
add_library(hab::mustache ALIAS hab_mustache)
target_include_directories(hab_mustache SYSTEM INTERFACE ${KAINJOW_MUSTACHE_INCLUDE_DIR})

add_library(hab_protozero INTERFACE)
add_library(hab::protozero ALIAS hab_protozero)
target_include_directories(hab_protozero SYSTEM INTERFACE ${PROTOZERO_INCLUDE_DIR})
