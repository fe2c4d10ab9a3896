# SPDX-License-Identifier: Apache-2.0
pkg_name=xz
pkg_origin=core
pkg_description="LZMA compression"
pkg_upstream_url="https://tukaani.org/xz"
pkg_maintainer="The hab developers"
pkg_license=("Public-Domain" "LGPL-2.1-or-later" "GPL-2.0-or-later")
pkg_deps=(core/glibc core/bash core/coreutils core/grep core/sed)
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(xz-utils liblzma5)

pkg_version() {
  deb_version
}
