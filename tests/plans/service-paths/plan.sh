# SPDX-License-Identifier: Apache-2.0
# Paths of the service compiled in, root as user with another group, files outside the declared directories.
pkg_name=service-paths
pkg_origin=acme
pkg_version=1.0
pkg_source="file://$PLAN_CONTEXT/../sources/stock-1.0.tar.gz"
pkg_filename=service-paths-stock.tar.gz
pkg_shasum=$(sha256sum "$PLAN_CONTEXT/../sources/stock-1.0.tar.gz" | cut -d' ' -f1)
pkg_dirname=stock-1.0
pkg_bin_dirs=(sbin)
pkg_svc_user=root
pkg_svc_group=hab

do_build() {
  ./configure --prefix="$pkg_prefix" --confdir="$pkg_svc_config_path"
  make
}

do_install() {
  make install
  mkdir -p "$pkg_prefix/html" "$pkg_prefix/sbin"
  mv "$pkg_prefix/bin/tool" "$pkg_prefix/sbin/"
  echo hello >"$pkg_prefix/html/index.html"
}
