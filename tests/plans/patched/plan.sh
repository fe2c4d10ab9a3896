# SPDX-License-Identifier: Apache-2.0
# Patches from a list in a file of their own, fetched and verified in loops; an interpreter; links for tests.
pkg_name=patched
pkg_origin=acme
pkg_version=1.0
_base=1
pkg_source="file://$PLAN_CONTEXT/../sources/stock-${pkg_version}.tar.gz"
pkg_filename=patched-stock.tar.gz
pkg_shasum=$(sha256sum "$PLAN_CONTEXT/../sources/stock-1.0.tar.gz" | cut -d' ' -f1)
pkg_dirname=stock-$pkg_version
pkg_bin_dirs=(bin)
pkg_interpreters=(bin/tool bin/sh)

do_begin() {
  # shellcheck source=/dev/null
  source "$PLAN_CONTEXT/patch-list.sh"
}

do_download() {
  do_default_download
  local i
  for ((i = 0; i < ${#_patch_files[@]}; i += 2)); do
    download_file "file://$PLAN_CONTEXT/../sources/patches/${_patch_files[i]}" "${_patch_files[i]}" \
      "${_patch_files[i + 1]}"
  done
}

do_verify() {
  do_default_verify
  local i
  for ((i = 0; i < ${#_patch_files[@]}; i += 2)); do
    verify_file "${_patch_files[i]}" "${_patch_files[i + 1]}"
  done
}

do_prepare() {
  local i
  for ((i = 0; i < ${#_patch_files[@]}; i += 2)); do
    cat "$HAB_CACHE_SRC_PATH/${_patch_files[i]}" >>patches-applied
  done
}

do_check() {
  ln -s "$PWD/tool" "$CACHE_PATH/checked"
  [[ -x $CACHE_PATH/checked || -e tool ]]
}

do_install() {
  do_default_install
  ln -s tool "$pkg_prefix/bin/sh"
  cp patches-applied "$pkg_prefix/"
}
