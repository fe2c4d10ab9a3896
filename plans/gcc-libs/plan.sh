# SPDX-License-Identifier: Apache-2.0
pkg_name=gcc-libs
pkg_origin=core
pkg_description="Run-time libraries of the GNU compilers"
pkg_upstream_url="https://gcc.gnu.org"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later WITH GCC-exception-3.1")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libgcc-s1 libstdc++6 libatomic1 libgomp1 gcc-12-base)

pkg_version() {
  deb_version
}
