# SPDX-License-Identifier: Apache-2.0
# The plan of one target wins over the general one; what it brings lies beside it.
pkg_name=for-target
pkg_origin=acme
pkg_version=1
do_build() {
  return 0
}
do_install() {
  return 0
}
