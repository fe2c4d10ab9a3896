# SPDX-License-Identifier: Apache-2.0
# Another plan's text with other lists; a phase taken away; a dependency whose version is interpolated.
source "${BASH_SOURCE[0]%/*}/../stock/plan.sh"
pkg_name=derived
_from=stock
pkg_dirname=$_from-$pkg_version
pkg_deps=("$pkg_origin/$_from/$pkg_version")
pkg_build_deps=()
pkg_include_dirs=()
unset -f do_check

do_build() {
  return 0
}

do_install() {
  cp "$(pkg_path_for "$_from")/share/tool.in" "$pkg_prefix/"
}
