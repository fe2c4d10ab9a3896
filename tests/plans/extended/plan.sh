# SPDX-License-Identifier: Apache-2.0
# Phases that go on where the stock ones end, a second source, and a service with all its hooks.
pkg_name=extended
pkg_origin=acme
pkg_version=1.0
pkg_source="file://$PLAN_CONTEXT/../sources/stock-1.0.tar.gz"
pkg_filename=extended-stock.tar.gz
pkg_shasum=$(sha256sum "$PLAN_CONTEXT/../sources/stock-1.0.tar.gz" | cut -d' ' -f1)
pkg_dirname=stock-1.0
pkg_deps=(acme/stock)
pkg_exports=([port]=port [superuser_name]=superuser.name)
pkg_exposes=(port)
ext_repo_source="file://$PLAN_CONTEXT/../sources/patches/stock-001"
ext_repo_filename=extension
ext_repo_sha256=a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e

do_before() {
  ext_repo_dirname=ext-${pkg_version}
  ext_repo_path=$HAB_CACHE_SRC_PATH/$ext_repo_dirname
}

do_download() {
  do_default_download
  download_file $ext_repo_source $ext_repo_filename $ext_repo_sha256
}

do_verify() {
  do_default_verify
  verify_file $ext_repo_filename $ext_repo_sha256
}

do_clean() {
  do_default_clean
  rm -rf "$ext_repo_path"
}

do_unpack() {
  do_default_unpack
  mkdir -p "$ext_repo_path"
  cp "$HAB_CACHE_SRC_PATH/$ext_repo_filename" "$ext_repo_path/"
}

do_install() {
  do_default_install
  cp "$ext_repo_path/$ext_repo_filename" "$pkg_prefix/share/"
}
