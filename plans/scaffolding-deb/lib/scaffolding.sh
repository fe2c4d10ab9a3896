# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Scaffolding for packages that are Debian binary packages, moved to a prefix under /hab/pkgs. It replaces
# the stock phases (do_default_*), so a plan may still extend each of them. Needs dpkg-deb, patchelf, find,
# sed and coreutils where the build runs: these packages are built natively, on Debian.
#
# A plan says:
#   scaffolding_deb_packages   Debian packages, NAME or NAME=VERSION. Default: pkg_name. The first one
#                              gives the version: pkg_version() { deb_version; }
#   scaffolding_deb_drop       paths in the prefix (globs) that are left out, besides the usual ones
#   scaffolding_deb_keep       paths in the prefix (globs) that stay although a drop names them
#   scaffolding_deb_untouched  paths in the prefix (globs) whose ELF files are not changed

_deb_lib=${BASH_SOURCE[0]%/*}
# shellcheck source=/dev/null
source "$_deb_lib/tree.sh"
# shellcheck source=/dev/null
source "$_deb_lib/relocate.sh"

scaffolding_load() {
  local tool
  for tool in dpkg-deb patchelf find sed touch; do
    if ! exists "$tool"; then
      exit_with "This build needs '$tool', which is not on PATH; on Debian, install it with apt"
    fi
  done
  if [[ -z ${scaffolding_deb_packages[*]} ]]; then
    scaffolding_deb_packages=("$pkg_name")
  fi
}

# The file of a Debian package (NAME or NAME=VERSION) in the source cache.
_deb_file() {
  echo "$HAB_CACHE_SRC_PATH/${1%%=*}.deb"
}

# deb_version [NAME]: the version that Debian packaged: without epoch, revision and repack marks.
deb_version() {
  local version
  version=$(dpkg-deb -f "$(_deb_file "${1:-${scaffolding_deb_packages[0]}}")" Version)
  version=${version#*:}
  version=${version%-*}
  version=${version%[.+]dfsg*}
  version=${version%+ds*}
  echo "${version%+really*}"
}

# Seconds since 1970 at which Debian built the package: the time of its first archive member.
_deb_time() {
  local header
  IFS= read -r -n 36 -d '' header < <(head -c 36 "$1" | tr '\n' ' ')
  echo $((${header:24}))
}

# The newest of: the Debian packages, the releases of the run dependencies. So a package gets a new
# release when what it is made of, or what it links to, changes, and only then.
_deb_source_date() {
  local newest=0 time deb dep release
  for deb in "${scaffolding_deb_packages[@]}"; do
    time=$(_deb_time "$(_deb_file "$deb")")
    ((time <= newest)) || newest=$time
  done
  for dep in "${pkg_deps_resolved[@]}"; do
    release=${dep##*/}
    if [[ $release =~ ^([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})$ ]]; then
      time=$(date -u -d "${release:0:8} ${release:8:2}:${release:10:2}:${release:12:2}" +%s)
      ((time <= newest)) || newest=$time
    fi
  done
  echo "$newest"
}

# A plan with hooks or configuration is more than what Debian made: its releases are the times of its
# builds, as usual, so that a change of them is seen as an update.
_deb_is_all() {
  [[ ! -e $PLAN_CONTEXT/default.toml && ! -d $PLAN_CONTEXT/hooks && ! -d $PLAN_CONTEXT/config ]]
}

# The version comes from the Debian package, so it is fetched this early.
do_default_before() {
  local deb
  for deb in "${scaffolding_deb_packages[@]}"; do
    build_line "Fetching Debian package $deb"
    download_file "deb:$deb" "${deb%%=*}.deb"
  done
  if _deb_is_all; then
    set_source_date "$(_deb_source_date)"
  fi
  if declare -F pkg_version >/dev/null; then
    update_pkg_version
  fi
}

do_default_download() {
  return 0
}

# apt has authenticated the packages.
do_default_verify() {
  return 0
}

# Here and below the tools are the machine's: the package's own programs come first on PATH, and those are
# not ready to run, or just being changed.
do_default_unpack() {
  local -x PATH=$INITIAL_PATH
  local deb
  for deb in "${scaffolding_deb_packages[@]}"; do
    mkdir -p "$CACHE_PATH/tree"
    dpkg-deb -x "$(_deb_file "$deb")" "$CACHE_PATH/tree"
  done
}

do_default_build() {
  return 0
}

do_default_install() {
  local -x PATH=$INITIAL_PATH
  build_line "Moving the files of ${scaffolding_deb_packages[*]} to the prefix"
  deb_install_tree "$CACHE_PATH/tree" "$pkg_prefix"
  _deb_install_notices
  build_line "Relocating programs and libraries"
  deb_relocate "$pkg_prefix"
  build_line "Checking that every library resolves inside $HAB_PKG_PATH"
  deb_check_needed "$pkg_prefix"
}

# Copyright files, and what the package was made from.
_deb_install_notices() {
  local deb name file copyright
  mkdir -p "$pkg_prefix/share/licenses"
  for deb in "${scaffolding_deb_packages[@]}"; do
    name=${deb%%=*}
    file=$(_deb_file "$deb")
    copyright=$CACHE_PATH/tree/usr/share/doc/$name/copyright
    if [[ ! -f $copyright ]]; then
      exit_with "Debian package '$name' has no copyright file of its own; add the package that has it"
    fi
    cp -L "$copyright" "$pkg_prefix/share/licenses/$name"
    echo "$name $(dpkg-deb -f "$file" Version) $(dpkg-deb -f "$file" Architecture)"
  done >"$pkg_prefix/share/debian-packages"
}

# Debian has stripped them already.
do_default_strip() {
  return 0
}

# Times of files that were changed here must not depend on when that was.
do_default_after() {
  local -x PATH=$INITIAL_PATH
  if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
    find "$pkg_prefix" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  fi
}
