# SPDX-License-Identifier: Apache-2.0
pkg_name=isl
pkg_origin=core
pkg_description="Sets and relations of integer points"
pkg_upstream_url="https://libisl.sourceforge.io"
pkg_maintainer="The hab developers"
pkg_license=("MIT")
pkg_deps=(core/glibc core/gmp)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libisl23)

pkg_version() {
  deb_version
}
