# SPDX-License-Identifier: Apache-2.0
# What is tried while the plan is read may fail; bash of all kinds, as plans of the wild have it.
git -C /nonexistent update-index --chmod=+x "$PLAN_CONTEXT/nothing" >/dev/null 2>&1
pkg_name=side-effects
pkg_origin=acme
pkg_version=3.2.1
pkg_dirname=${pkg_name}/source-${pkg_version//./-}
mapfile -t pkg_license < <(printf '%s\n' BSD-2-Clause Ruby)
# shellcheck disable=SC2207
pkg_build_deps=($(printf 'acme/%s ' stock minimal-service))
pkg_bin_dirs=({s,}bin)
declare -A _colours=([red]=1 [blue]=2)
pkg_release_note=$(cat <<END
version $pkg_version has ${#_colours[@]} colours
END
)

do_prepare() {
  [[ $CACHE_PATH == "$HAB_CACHE_SRC_PATH/side-effects/source-3-2-1" && -d $CACHE_PATH ]]
  false | cat
  : "$(pkg_path_for missing)"
  diff <(echo a) <(echo a)
}

do_build() {
  return 0
}

do_install() {
  local name
  for name in one two; do
    cat >"$pkg_prefix/bin/$name" <<WRAPPER
#!/bin/sh
exec $pkg_prefix/sbin/$name "\$@"
WRAPPER
    chmod 0755 "$pkg_prefix/bin/$name"
  done
  echo "$pkg_release_note" >"$pkg_prefix/note"
  [[ ${_colours[blue]} -eq $((1 + 1)) ]]
}
true
