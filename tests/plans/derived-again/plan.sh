# SPDX-License-Identifier: Apache-2.0
# As derived, one step further: lists that grow, an address that is made again from its parts.
source ../derived/plan.sh
pkg_name=derived-again
pkg_deps+=("acme/minimal-service")
_archive=stock-${pkg_version}.tar.gz
pkg_source=file://$PLAN_CONTEXT/../sources/${_archive}
pkg_filename="${pkg_source##*/}"
pkg_lib_dirs+=(lib64)

do_prepare() {
  [[ ${#pkg_deps_resolved[@]} -eq 2 ]] || exit_with "there should be two dependencies"
}
