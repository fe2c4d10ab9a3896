# SPDX-License-Identifier: Apache-2.0
# A service in a few lines: pkg_svc_run mentions a path of the service before the name is known.
pkg_svc_run="tool $pkg_svc_config_path/service.conf"
pkg_name=minimal-service
pkg_origin=acme
pkg_version=1
pkg_deps=(acme/stock)
pkg_exports=(
  [port]=server.port
  [data-dir]=dir
)
pkg_exposes=(port)
do_build() {
  return 0
}
do_install() {
  return 0
}
