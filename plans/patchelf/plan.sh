# SPDX-License-Identifier: Apache-2.0
pkg_name=patchelf
pkg_origin=core
pkg_description="Changes the loader and run path of ELF files"
pkg_upstream_url="https://github.com/NixOS/patchelf"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/gcc-libs)
pkg_bin_dirs=(bin)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(patchelf)

pkg_version() {
  deb_version
}
