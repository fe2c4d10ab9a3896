# SPDX-License-Identifier: Apache-2.0
pkg_name=grep
pkg_origin=core
pkg_description="Searches text for patterns"
pkg_upstream_url="https://www.gnu.org/software/grep"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/pcre2 core/bash)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(grep)

pkg_version() {
  deb_version
}
