# SPDX-License-Identifier: Apache-2.0
# Reads what the plan says, adds to its dependencies, and brings phases unless the plan has them.
scaffolding_load() {
  build_line "Scaffolding for ${scaffolding_go_base_path:-nothing}"
  pkg_build_deps+=("acme/minimal-service")
  scaffolding_pkg_path=$HAB_CACHE_SRC_PATH/go/src/$scaffolding_go_base_path/$pkg_name
}
do_default_build() {
  echo "built in $scaffolding_pkg_path by $(pkg_path_for scaffolding-own)" >"$CACHE_PATH/note"
}
if ! declare -F do_check >/dev/null; then
  do_check() { return 1; }
fi
