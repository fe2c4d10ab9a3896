# SPDX-License-Identifier: Apache-2.0
pkg_name=m4
pkg_origin=core
pkg_description="A macro processor"
pkg_upstream_url="https://www.gnu.org/software/m4"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/libsigsegv)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(m4)

pkg_version() {
  deb_version
}
