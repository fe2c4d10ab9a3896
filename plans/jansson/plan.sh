# SPDX-License-Identifier: Apache-2.0
pkg_name=jansson
pkg_origin=core
pkg_description="JSON for C programs"
pkg_upstream_url="https://github.com/akheron/jansson"
pkg_maintainer="The hab developers"
pkg_license=("MIT")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libjansson4)

pkg_version() {
  deb_version
}
