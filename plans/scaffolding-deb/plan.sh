# SPDX-License-Identifier: Apache-2.0
pkg_name=scaffolding-deb
pkg_origin=core
pkg_version=1.0.0
pkg_description="Makes packages from Debian's binary packages"
pkg_maintainer="The hab developers"
pkg_license=("Apache-2.0")

do_build() {
  return 0
}

do_install() {
  install -D -m 0644 "$PLAN_CONTEXT/lib/scaffolding.sh" "$pkg_prefix/lib/scaffolding.sh"
  install -D -m 0644 "$PLAN_CONTEXT/lib/tree.sh" "$pkg_prefix/lib/tree.sh"
  install -D -m 0644 "$PLAN_CONTEXT/lib/relocate.sh" "$pkg_prefix/lib/relocate.sh"
}
