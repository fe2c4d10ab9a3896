# SPDX-License-Identifier: Apache-2.0
# pkg_source is a repository that the plan clones by itself; the scaffolding builds.
pkg_name=scaffolded
pkg_origin=acme
pkg_version=1.0
pkg_source="file://$PLAN_CONTEXT/../sources/repository.git"
pkg_scaffolding=acme/scaffolding-own
scaffolding_go_base_path=github.com/acme
scaffolding_go_build_deps=()

do_setup_environment() {
  push_buildtime_env GOPATH "/opt/go"
  set_runtime_env SCAFFOLDED yes
}

do_download() {
  rm -rf "$scaffolding_pkg_path"
  mkdir -p "${scaffolding_pkg_path%/*}"
  git clone -q "$pkg_source" "$scaffolding_pkg_path"
  (cd "$scaffolding_pkg_path" && git checkout -q "v$pkg_version")
}

do_verify() {
  return 0
}

do_unpack() {
  return 0
}

do_check() {
  [[ -f $scaffolding_pkg_path/file ]]
}

do_install() {
  [[ $GOPATH == /opt/go* ]] || exit_with "GOPATH is '$GOPATH'"
  cp "$scaffolding_pkg_path/file" "$CACHE_PATH/note" "$pkg_prefix/"
}
