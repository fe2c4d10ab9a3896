# SPDX-License-Identifier: Apache-2.0
pkg_name=gawk
pkg_origin=core
pkg_description="The GNU awk"
pkg_upstream_url="https://www.gnu.org/software/gawk"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/gmp core/mpfr core/readline core/libsigsegv core/bash)
pkg_bin_dirs=(bin)
pkg_interpreters=(bin/awk bin/gawk)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(gawk)

pkg_version() {
  deb_version
}

do_install() {
  do_default_install
  ln -s gawk "$pkg_prefix/bin/awk"
}
