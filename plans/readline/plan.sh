# SPDX-License-Identifier: Apache-2.0
pkg_name=readline
pkg_origin=core
pkg_description="Line editing library"
pkg_upstream_url="https://www.gnu.org/software/readline"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/ncurses)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libreadline8)

pkg_version() {
  deb_version
}
