# SPDX-License-Identifier: Apache-2.0
pkg_name=make
pkg_origin=core
pkg_description="Builds what has changed"
pkg_upstream_url="https://www.gnu.org/software/make"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(make)
scaffolding_deb_drop=(include bin/make-first-existing-target)

pkg_version() {
  deb_version
}
