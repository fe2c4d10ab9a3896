# SPDX-License-Identifier: Apache-2.0
pkg_name=coreutils
pkg_origin=core
pkg_description="The basic GNU commands"
pkg_upstream_url="https://www.gnu.org/software/coreutils"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/glibc core/acl core/attr core/gmp core/libselinux)
pkg_bin_dirs=(bin)
pkg_interpreters=(bin/env)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(coreutils)

pkg_version() {
  deb_version
}

# stdbuf looks for its library beside itself, or in Debian's place.
do_install() {
  do_default_install
  ln -s ../libexec/coreutils/libstdbuf.so "$pkg_prefix/bin/libstdbuf.so"
}
