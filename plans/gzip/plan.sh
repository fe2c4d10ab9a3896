# SPDX-License-Identifier: Apache-2.0
pkg_name=gzip
pkg_origin=core
pkg_description="GNU compression"
pkg_upstream_url="https://www.gnu.org/software/gzip"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/bash core/coreutils core/grep core/sed)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(gzip)

pkg_version() {
  deb_version
}
