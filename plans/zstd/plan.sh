# SPDX-License-Identifier: Apache-2.0
pkg_name=zstd
pkg_origin=core
pkg_description="The Zstandard compression library"
pkg_upstream_url="https://facebook.github.io/zstd"
pkg_maintainer="The hab developers"
pkg_license=("BSD-3-Clause" "GPL-2.0-only")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libzstd1)

pkg_version() {
  deb_version
}
