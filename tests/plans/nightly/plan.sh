# SPDX-License-Identifier: Apache-2.0
# A placeholder as version, a sum that is computed while building, and a helper of the builder replaced.
pkg_name=nightly
pkg_origin=acme
pkg_version="nightly"
pkg_source="file://$PLAN_CONTEXT/../sources/stock-1.0.tar.gz"
pkg_filename=nightly.tar.gz
pkg_dirname=stock-1.0

update_pkg_version() {
  _replaced=yes
  pkg_version=2026-01-31
  pkg_prefix=$HAB_PKG_PATH/$pkg_origin/$pkg_name/$pkg_version/$pkg_release
  pkg_artifact="$HAB_CACHE_ARTIFACT_PATH/$pkg_origin-$pkg_name-$pkg_version-$pkg_release-$pkg_target.hart"
}

do_before() {
  update_pkg_version
}

do_download() {
  pkg_shasum=$(sha256sum "$PLAN_CONTEXT/../sources/stock-1.0.tar.gz" | cut -d' ' -f1)
  do_default_download
}

do_build() {
  return 0
}

do_install() {
  echo "$_replaced" >"$pkg_prefix/replaced"
}
