# SPDX-License-Identifier: Apache-2.0
pkg_name=glibc
pkg_origin=core
pkg_description="The GNU C library"
pkg_upstream_url="https://www.gnu.org/software/libc"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-2.1-or-later" "GPL-2.0-or-later")
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libc6 libc-bin)
# ldd and tzselect want a shell, which needs this package first. Character sets other than the built-in ones
# (ASCII, UTF-8 and kin) are modules that are looked for in /usr, so they would only fill the disk.
scaffolding_deb_drop=(bin/ldd bin/tzselect lib/gconv share/libc-bin share/i18n)
scaffolding_deb_keep=(lib/locale/C.utf8)
# The loader and the libraries beside it find each other by themselves.
scaffolding_deb_untouched=(lib)

pkg_version() {
  deb_version
}

# For C.UTF-8; programs look in their machine's own place after that.
do_setup_environment() {
  set_runtime_env LOCPATH "$pkg_prefix/lib/locale"
}
