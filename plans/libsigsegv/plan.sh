# SPDX-License-Identifier: Apache-2.0
pkg_name=libsigsegv
pkg_origin=core
pkg_description="Handling page faults in user mode"
pkg_upstream_url="https://www.gnu.org/software/libsigsegv"
pkg_maintainer="The hab developers"
pkg_license=("GPL-2.0-or-later")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libsigsegv2)

pkg_version() {
  deb_version
}
