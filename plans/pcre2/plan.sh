# SPDX-License-Identifier: Apache-2.0
pkg_name=pcre2
pkg_origin=core
pkg_description="Perl-compatible regular expressions"
pkg_upstream_url="https://www.pcre.org"
pkg_maintainer="The hab developers"
pkg_license=("BSD-3-Clause")
pkg_deps=(core/glibc)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libpcre2-8-0)

pkg_version() {
  deb_version
}
