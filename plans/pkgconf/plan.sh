# SPDX-License-Identifier: Apache-2.0
pkg_name=pkgconf
pkg_origin=core
pkg_description="Finds libraries for compilers"
pkg_upstream_url="http://pkgconf.org"
pkg_maintainer="The hab developers"
pkg_license=("ISC")
pkg_deps=(core/glibc)
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(pkgconf pkgconf-bin libpkgconf3)

pkg_version() {
  deb_version
}
