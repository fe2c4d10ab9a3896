# SPDX-License-Identifier: Apache-2.0
pkg_name=binutils
pkg_origin=core
pkg_description="Assembler, linker and tools for object files"
pkg_upstream_url="https://www.gnu.org/software/binutils"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/gcc-libs core/jansson core/zlib core/zstd)
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(binutils binutils-common binutils-x86-64-linux-gnu libbinutils libctf0 libctf-nobfd0)
# gprofng is a profiler that wants perl and a JDK.
scaffolding_deb_drop=(lib/debug 'bin/*gp-*' 'bin/*gprofng' lib/gprofng)

pkg_version() {
  deb_version
}
