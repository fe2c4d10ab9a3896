# SPDX-License-Identifier: Apache-2.0
pkg_name=attr
pkg_origin=core
pkg_description="Extended attributes library"
pkg_upstream_url="https://savannah.nongnu.org/projects/attr"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-2.1-or-later")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libattr1)

pkg_version() {
  deb_version
}
