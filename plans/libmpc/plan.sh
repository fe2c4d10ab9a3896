# SPDX-License-Identifier: Apache-2.0
pkg_name=libmpc
pkg_origin=core
pkg_description="Arithmetic of complex numbers"
pkg_upstream_url="https://www.multiprecision.org/mpc"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-3.0-or-later")
pkg_deps=(core/glibc core/gmp core/mpfr)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libmpc3)

pkg_version() {
  deb_version
}
