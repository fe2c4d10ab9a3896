# SPDX-License-Identifier: Apache-2.0
# Builds beside its source, without a run path, strips by itself, and decides things while it is read.
pkg_name=sibling
pkg_origin=acme
pkg_version=1.0
pkg_source="file://$PLAN_CONTEXT/../sources/stock-1.0.tar.gz"
pkg_filename=sibling-stock.tar.gz
pkg_shasum=$(sha256sum "$PLAN_CONTEXT/../sources/stock-1.0.tar.gz" | cut -d' ' -f1)
pkg_dirname=stock-1.0
pkg_deps=(acme/stock)
pkg_lib_dirs=(lib)
if [[ $(uname -m) == x86_64 ]]; then
  _loader=ld-linux-x86-64.so.2
else
  _loader=ld-linux-other.so
fi

do_prepare() {
  [[ $LD_RUN_PATH == "$pkg_prefix/lib:$(pkg_path_for stock)/lib" ]]
  unset LD_RUN_PATH
  rm -rf ../sibling-build
  mkdir ../sibling-build
}

do_build() {
  pushd ../sibling-build >/dev/null
  "../$pkg_dirname/configure" --prefix="$pkg_prefix"
  make
  [[ -z ${LD_RUN_PATH:-} ]]
  popd >/dev/null
}

do_install() {
  pushd "$HAB_CACHE_SRC_PATH/sibling-build" >/dev/null
  make install
  popd >/dev/null
  echo "$_loader" >"$pkg_prefix/loader"
}

do_strip() {
  local file
  find "$pkg_prefix" -type f | while read -r file; do
    case "$(basename "$file")" in
      *.so* | *.a) exit 1 ;;
      tool) build_line "keeping $file" ;;
    esac
  done
}
