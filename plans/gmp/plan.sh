# SPDX-License-Identifier: Apache-2.0
pkg_name=gmp
pkg_origin=core
pkg_description="Arithmetic with large numbers"
pkg_upstream_url="https://gmplib.org"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-3.0-or-later" "GPL-2.0-or-later")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libgmp10)

pkg_version() {
  deb_version
}
