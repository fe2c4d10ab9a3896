# SPDX-License-Identifier: Apache-2.0
pkg_name=ncurses
pkg_origin=core
pkg_description="Terminal handling library and descriptions"
pkg_upstream_url="https://invisible-island.net/ncurses"
pkg_maintainer="The hab developers"
pkg_license=("MIT")
pkg_deps=(core/glibc)
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libtinfo6 libncursesw6 ncurses-base ncurses-bin)

pkg_version() {
  deb_version
}

do_setup_environment() {
  set_runtime_env TERMINFO_DIRS "$pkg_prefix/lib/terminfo"
}
