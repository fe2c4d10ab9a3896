# SPDX-License-Identifier: Apache-2.0
pkg_name=patch
pkg_origin=core
pkg_description="Applies differences to files"
pkg_upstream_url="https://www.gnu.org/software/patch"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/attr)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(patch)

pkg_version() {
  deb_version
}
