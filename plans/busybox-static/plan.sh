# SPDX-License-Identifier: Apache-2.0
pkg_name=busybox-static
pkg_origin=core
pkg_description="The usual small programs in one file that needs no library"
pkg_upstream_url="https://busybox.net"
pkg_maintainer="The hab developers"
pkg_license=("GPL-2.0-only")
pkg_deps=()
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(busybox-static)
scaffolding_deb_drop=(share/initramfs-tools)

pkg_version() {
  deb_version
}
