# SPDX-License-Identifier: Apache-2.0
pkg_name=zlib
pkg_origin=core
pkg_description="Compression library"
pkg_upstream_url="https://zlib.net"
pkg_maintainer="The hab developers"
pkg_license=("Zlib")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(zlib1g)

pkg_version() {
  deb_version
}
