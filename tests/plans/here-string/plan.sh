# SPDX-License-Identifier: Apache-2.0
# No archive; words from a here-string; a flag that one phase leaves for a later one.
pkg_name=here-string
pkg_origin=acme
pkg_version=6.1
pkg_deps=(acme/stock acme/minimal-service)
_cleanup=false

do_begin() {
  export BUILD_NUMBER=12
}

do_prepare() {
  local dep deps
  read -r -a deps <<<"${pkg_deps_resolved[*]}"
  for dep in "${deps[@]}"; do
    build_line "depends on $dep"
  done
  [[ ${#deps[@]} -eq 2 ]]
  if [[ ! -e /hab/tmp-link ]]; then
    ln -s "$(pkg_path_for stock)" /hab/tmp-link
    _cleanup=true
  fi
}

do_build() {
  return 0
}

do_install() {
  [[ $BUILD_NUMBER == 12 ]]
  echo "$_cleanup" >"$pkg_prefix/flag"
}

do_end() {
  if [[ $_cleanup == true ]]; then
    rm -f /hab/tmp-link
  fi
}
