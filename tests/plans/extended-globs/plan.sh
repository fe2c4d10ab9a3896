# SPDX-License-Identifier: Apache-2.0
# Patterns that bash understands only while extglob is on: when the function is read, and when it runs.
pkg_name=extended-globs
pkg_origin=acme
pkg_version=1
do_build() {
  return 0
}
shopt -s extglob
do_install() {
  shopt -s extglob
  touch "$pkg_prefix/keep.1" "$pkg_prefix/drop.1" "$pkg_prefix/drop.2"
  rm "$pkg_prefix"/!(keep).+([0-9])
  shopt -u extglob
}
shopt -u extglob
