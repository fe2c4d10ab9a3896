# SPDX-License-Identifier: Apache-2.0
pkg_name=libxcrypt
pkg_origin=core
pkg_description="Password hashing library"
pkg_upstream_url="https://github.com/besser82/libxcrypt"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-2.1-or-later")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libcrypt1)

pkg_version() {
  deb_version
}
