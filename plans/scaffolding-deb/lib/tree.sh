# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# From Debian's layout to a package's: which file goes where, and where symbolic links lead.

# What a package in /hab/pkgs has no use for: documentation, translations, the files of other programs, and
# settings for the paths of a Debian system. Plans keep single ones with scaffolding_deb_keep.
_deb_usual_drops=(etc var run lib/systemd lib/init lib/locale share/doc share/man share/info
  share/locale share/lintian share/bash-completion share/zsh share/bug share/menu share/apport share/vim
  share/debianutils share/doc-base share/gcc share/gdb share/pixmaps share/applications)

# _deb_matches PATH GLOB...: whether the path, or a directory that it lies in, matches.
_deb_matches() {
  local path=$1 glob
  shift
  for glob in "$@"; do
    # The right sides are globs on purpose.
    # shellcheck disable=SC2053
    if [[ $path == $glob || $path == $glob/* ]]; then
      return 0
    fi
  done
  return 1
}

_deb_is_dropped() {
  _deb_matches "$1" "${_deb_usual_drops[@]}" "${scaffolding_deb_drop[@]}" &&
    ! _deb_matches "$1" "${scaffolding_deb_keep[@]}"
}

# REPLY = absolute path $1 without "." and "..", links not followed.
_deb_normalize() {
  local part parts out=()
  IFS=/ read -r -a parts <<<"$1"
  for part in "${parts[@]}"; do
    case $part in
      '' | .) ;;
      ..) [[ ${#out[@]} -eq 0 ]] || unset 'out[-1]' ;;
      *) out+=("$part") ;;
    esac
  done
  local IFS=/
  REPLY="/${out[*]}"
}

# REPLY = place in the prefix of Debian's absolute path $1. One directory each for programs and libraries:
# /usr, sbin and the multiarch directory are gone.
_deb_map() {
  REPLY=${1#/}
  REPLY=${REPLY#usr/}
  # Only right below lib: gcc has directories of that name deeper down, and looks for them.
  if [[ $REPLY =~ ^lib/[^/]+-linux-gnu/(.*)$ ]]; then
    REPLY=lib/${BASH_REMATCH[1]}
    return 0
  fi
  case $REPLY in
    lib64/*) REPLY=lib/${REPLY#lib64/} ;;
    sbin/*) REPLY=bin/${REPLY#sbin/} ;;
  esac
}

# REPLY = the relative link text that leads from the directory of $1 to $2, both relative to one root.
_deb_relative() {
  local from=$1 to=$2 up=''
  while [[ $from == */* && ${from%%/*} == "${to%%/*}" && $to == */* ]]; do
    from=${from#*/}
    to=${to#*/}
  done
  while [[ $from == */* ]]; do
    up+=../
    from=${from#*/}
  done
  REPLY=$up$to
}

# deb_install_tree TREE PREFIX
deb_install_tree() {
  local tree=$1 prefix=$2 path place
  local -A links=() placed=()
  while IFS= read -r -d '' path; do
    _deb_map "${path#"$tree"}"
    place=$REPLY
    if _deb_is_dropped "$place"; then
      continue
    fi
    if [[ -L $path ]]; then
      # Kept if a link maps to itself, as /lib64/ld-linux does, is the file that it leads to.
      if _deb_link_target "$tree" "$path" && [[ $REPLY != "$place" ]]; then
        links[$place]=$REPLY
      fi
      continue
    fi
    if [[ -n ${placed[$place]:-} ]]; then
      exit_with "Two files of ${scaffolding_deb_packages[*]} would both become $place"
    fi
    placed[$place]=1
    if [[ $place == */* && ! -d $prefix/${place%/*} ]]; then
      mkdir -p "$prefix/${place%/*}"
    fi
    cp -p "$path" "$prefix/$place"
  done < <(find "$tree" \( -type f -o -type l \) -print0)
  _deb_make_links "$prefix"
}

# REPLY = place in the prefix that the link $2 in the tree $1 leads to.
_deb_link_target() {
  local target from
  target=$(readlink "$2")
  from=${2#"$1"}
  [[ $target == /* ]] || target=${from%/*}/$target
  _deb_normalize "$target"
  _deb_map "$REPLY"
}

# Makes the links of the caller's `links`: relative inside the prefix, absolute to a run dependency. A link
# that leads nowhere ends the build, unless its target was left out on purpose.
_deb_make_links() {
  local prefix=$1 place target dep
  for place in "${!links[@]}"; do
    target=${links[$place]}
    if [[ -n ${placed[$target]:-} || -n ${links[$target]:-} || -d $prefix/$target ]]; then
      _deb_relative "$place" "$target"
    elif _deb_is_dropped "$target"; then
      continue
    else
      REPLY=''
      for dep in "${pkg_deps_resolved[@]}"; do
        if [[ -e $dep/$target ]]; then
          REPLY=$dep/$target
          break
        fi
      done
      if [[ -z $REPLY ]]; then
        exit_with "The link $place leads to $target, which is neither here nor in pkg_deps"
      fi
    fi
    if [[ $place == */* ]]; then
      mkdir -p "$prefix/${place%/*}"
    fi
    ln -sfn "$REPLY" "$prefix/$place"
  done
}
