# SPDX-License-Identifier: Apache-2.0
# Binds that may stay open, several exposed ports, dashes in keys.
pkg_name=optional-binds
pkg_origin=acme
pkg_version=6.1
pkg_deps=(acme/stock)
pkg_binds_optional=(
  [elasticsearch]="http-port transport-port"
  [log]="port"
)
pkg_binds=([database]="port superuser_name")
pkg_exports=(
  [http-port]=network.http-port
  [transport-port]=network.transport-port
)
pkg_exposes=(http-port transport-port)
do_build() {
  return 0
}
do_install() {
  return 0
}
do_strip() {
  return 0
}
