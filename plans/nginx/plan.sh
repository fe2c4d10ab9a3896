# SPDX-License-Identifier: Apache-2.0
pkg_name=nginx
pkg_origin=core
pkg_description="Web server and reverse proxy"
pkg_upstream_url="https://nginx.org"
pkg_maintainer="The hab developers"
pkg_license=("BSD-2-Clause")
pkg_deps=(core/glibc core/libxcrypt core/openssl core/pcre2 core/zlib core/bash)
pkg_bin_dirs=(bin)
pkg_exports=([port]=http.port)
pkg_exposes=(port)
pkg_svc_user=hab
pkg_svc_group=hab
pkg_template_mode=modern
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(nginx nginx-common)
scaffolding_deb_drop=(share/nginx)
scaffolding_deb_keep=(etc/nginx/mime.types etc/nginx/*_params etc/nginx/fastcgi.conf)

pkg_version() {
  deb_version
}
