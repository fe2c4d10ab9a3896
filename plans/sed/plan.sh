# SPDX-License-Identifier: Apache-2.0
pkg_name=sed
pkg_origin=core
pkg_description="The GNU stream editor"
pkg_upstream_url="https://www.gnu.org/software/sed"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/acl core/libselinux)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(sed)

pkg_version() {
  deb_version
}
