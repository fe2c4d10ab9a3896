# SPDX-License-Identifier: Apache-2.0
pkg_name=findutils
pkg_origin=core
pkg_description="Searches directories"
pkg_upstream_url="https://www.gnu.org/software/findutils"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/libselinux)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(findutils)

pkg_version() {
  deb_version
}
