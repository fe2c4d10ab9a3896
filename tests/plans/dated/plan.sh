# SPDX-License-Identifier: Apache-2.0
# The version is in what is downloaded, which is no archive.
pkg_name=dated
pkg_origin=acme
pkg_source="file://$PLAN_CONTEXT/list.txt"

pkg_version() {
  local date
  date=$(grep '^## Date:' "$HAB_CACHE_SRC_PATH/$pkg_filename" | cut -d' ' -f3)
  echo "${date//-/.}"
}

do_download() {
  do_default_download
  update_pkg_version
}

do_verify() {
  return 0
}

do_unpack() {
  mkdir -pv "$CACHE_PATH"
  cp -v "$HAB_CACHE_SRC_PATH/$pkg_filename" "$CACHE_PATH"
}

do_setup_environment() {
  set_runtime_env LIST_FILE "$pkg_prefix/list.txt"
}

do_build() {
  return 0
}

do_install() {
  [[ $PWD == "$HAB_CACHE_SRC_PATH/dated-2026.02.03" && $LIST_FILE == "$pkg_prefix/list.txt" ]]
  cp list.txt "$pkg_prefix/"
}
