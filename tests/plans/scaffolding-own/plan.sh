# SPDX-License-Identifier: Apache-2.0
# A scaffolding with a dependency of its own.
pkg_name=scaffolding-own
pkg_origin=acme
pkg_version=1
pkg_deps=(acme/stock)
do_build() {
  return 0
}
do_install() {
  install -D -m 0644 "$PLAN_CONTEXT/lib/scaffolding.sh" "$pkg_prefix/lib/scaffolding.sh"
}
