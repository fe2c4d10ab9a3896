# SPDX-License-Identifier: Apache-2.0
# A package of shell scripts and configuration only. It is built in a studio, with nothing but packages.
pkg_name=motd
pkg_origin=core
pkg_version=1.0.0
pkg_description="Prints the message of the day, once or as a service"
pkg_maintainer="The hab developers"
pkg_license=("Apache-2.0")
pkg_deps=(core/bash core/coreutils)
pkg_build_deps=(core/sed)
pkg_bin_dirs=(bin)
pkg_svc_user=hab
pkg_svc_group=hab
pkg_template_mode=modern

do_build() {
  return 0
}

do_check() {
  [[ $(bash "$PLAN_CONTEXT/bin/motd" "Built from packages") == *"Built from packages"* ]]
}

do_install() {
  install -D -m 0755 "$PLAN_CONTEXT/bin/motd" "$pkg_prefix/bin/motd"
  sed -i "s|@version@|$pkg_version|" "$pkg_prefix/bin/motd"
  fix_interpreter "$pkg_prefix/bin/motd" core/bash bin/bash
}
