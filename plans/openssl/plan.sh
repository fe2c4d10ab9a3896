# SPDX-License-Identifier: Apache-2.0
pkg_name=openssl
pkg_origin=core
pkg_description="TLS library and command"
pkg_upstream_url="https://www.openssl.org"
pkg_maintainer="The hab developers"
pkg_license=("Apache-2.0")
pkg_deps=(core/glibc)
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libssl3 openssl)
# c_rehash is a Perl program; lib/ssl only links into Debian's /etc.
scaffolding_deb_drop=(bin/c_rehash lib/ssl)

pkg_version() {
  deb_version
}

do_setup_environment() {
  set_runtime_env OPENSSL_MODULES "$pkg_prefix/lib/ossl-modules"
}
