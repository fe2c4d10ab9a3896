# SPDX-License-Identifier: Apache-2.0
pkg_name=acl
pkg_origin=core
pkg_description="Access control list library"
pkg_upstream_url="https://savannah.nongnu.org/projects/acl"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-2.1-or-later")
pkg_deps=(core/glibc core/attr)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libacl1)

pkg_version() {
  deb_version
}
