# SPDX-License-Identifier: Apache-2.0
pkg_name=mpfr
pkg_origin=core
pkg_description="Floating-point arithmetic with any precision"
pkg_upstream_url="https://www.mpfr.org"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-3.0-or-later")
pkg_deps=(core/glibc core/gmp)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libmpfr6)

pkg_version() {
  deb_version
}
