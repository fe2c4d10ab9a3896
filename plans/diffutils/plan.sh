# SPDX-License-Identifier: Apache-2.0
pkg_name=diffutils
pkg_origin=core
pkg_description="Compares files"
pkg_upstream_url="https://www.gnu.org/software/diffutils"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(diffutils)

pkg_version() {
  deb_version
}
