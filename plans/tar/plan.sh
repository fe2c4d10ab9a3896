# SPDX-License-Identifier: Apache-2.0
pkg_name=tar
pkg_origin=core
pkg_description="The GNU archiver"
pkg_upstream_url="https://www.gnu.org/software/tar"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/acl core/libselinux core/bash)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(tar)

pkg_version() {
  deb_version
}
