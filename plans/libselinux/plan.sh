# SPDX-License-Identifier: Apache-2.0
pkg_name=libselinux
pkg_origin=core
pkg_description="SELinux library"
pkg_upstream_url="https://github.com/SELinuxProject/selinux"
pkg_maintainer="The hab developers"
pkg_license=("Public-Domain")
pkg_deps=(core/glibc core/pcre2)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libselinux1)

pkg_version() {
  deb_version
}
