# SPDX-License-Identifier: Apache-2.0
pkg_name=bash
pkg_origin=core
pkg_description="The GNU shell"
pkg_upstream_url="https://www.gnu.org/software/bash"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/ncurses)
pkg_bin_dirs=(bin)
pkg_interpreters=(bin/bash bin/sh)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(bash)
scaffolding_deb_drop=(bin/bashbug bin/clear_console)

pkg_version() {
  deb_version
}

do_install() {
  do_default_install
  ln -s bash "$pkg_prefix/bin/sh"
}
