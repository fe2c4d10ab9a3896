# SPDX-License-Identifier: Apache-2.0
pkg_name=glibc-dev
pkg_origin=core
pkg_description="Headers and start files of the GNU C library and of Linux"
pkg_upstream_url="https://www.gnu.org/software/libc"
pkg_maintainer="The hab developers"
pkg_license=("LGPL-2.1-or-later" "GPL-2.0-only WITH Linux-syscall-note")
pkg_deps=(core/glibc core/libxcrypt)
pkg_include_dirs=(include include/x86_64-linux-gnu)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(libc6-dev linux-libc-dev libcrypt-dev)
# Profiling and sanitizing libraries of other packages; programs are linked to the shared library.
scaffolding_deb_drop=(lib/libc.a lib/libm-2.36.a lib/libmvec.a lib/libcrypt.a lib/libm.a)
# Linker scripts name the loader and libc where Debian has them; start files are no programs.
scaffolding_deb_untouched=(lib)

pkg_version() {
  deb_version
}

# Text files that the linker reads in place of a library.
do_install() {
  do_default_install
  local file glibc
  glibc=$(pkg_path_for core/glibc)
  for file in "$pkg_prefix"/lib/*.so; do
    if [[ ! -L $file ]]; then
      sed -i -e "s|/usr/lib/x86_64-linux-gnu/|$pkg_prefix/lib/|g" \
        -e "s|/lib64/|$glibc/lib/|g" -e "s|/lib/x86_64-linux-gnu/|$glibc/lib/|g" "$file"
    fi
  done
}
