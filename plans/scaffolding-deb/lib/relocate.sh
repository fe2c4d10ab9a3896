# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Makes programs, libraries and scripts find everything in /hab/pkgs, and checks that they do.

# First bytes of a file, NULs dropped.
_deb_magic() {
  REPLY=''
  LC_ALL=C IFS= read -r -n 4 -d '' REPLY <"$1" 2>/dev/null || true
}

# deb_relocate PREFIX: interpreter and run path of ELF files, first lines of scripts.
deb_relocate() {
  local file problems=()
  while IFS= read -r -d '' file; do
    _deb_magic "$file"
    if [[ $REPLY == $'\x7fELF' ]]; then
      if ! _deb_matches "${file#"$1"/}" "${scaffolding_deb_untouched[@]}"; then
        _deb_relocate_elf "$file"
      fi
    elif [[ $REPLY == '#!'* && -x $file ]]; then
      _deb_relocate_script "$file"
    fi
  done < <(find "$1" -type f -print0)
  _deb_report "$1" "${problems[@]}"
}

# Ends the build if there are problems; says all of them at once.
_deb_report() {
  local prefix=$1 line
  shift
  case $# in
    0) return 0 ;;
    1) exit_with "${1#"$prefix"/}" ;;
  esac
  for line in "$@"; do
    warn "${line#"$prefix"/}"
  done
  exit_with "${1#"$prefix"/} (and $(($# - 1)) more, above)"
}

# The caller's `problems` gets what is wrong. Shared objects have no interpreter; static programs have
# neither interpreter nor anything to look for.
_deb_relocate_elf() {
  local file=$1 interpreter path set=()
  if interpreter=$(patchelf --print-interpreter "$file" 2>/dev/null); then
    if ! path=$(_deb_find_library "${interpreter##*/}"); then
      problems+=("$file needs the loader ${interpreter##*/}, which is not in pkg_deps")
      return 0
    fi
    set=(--set-interpreter "$path")
  fi
  if [[ -n $(patchelf --print-needed "$file" 2>/dev/null) ]]; then
    set+=(--set-rpath "$LD_RUN_PATH")
  fi
  if [[ ${#set[@]} -gt 0 ]]; then
    patchelf "${set[@]}" "$file"
  fi
}

# Path of a library in the directories of LD_RUN_PATH: own lib directories, then those of run dependencies.
_deb_find_library() {
  local dir dirs
  IFS=: read -r -a dirs <<<"${LD_RUN_PATH:-}"
  for dir in "${dirs[@]}"; do
    if [[ $dir == "$HAB_PKG_PATH"/* && -f $dir/$1 ]]; then
      echo "$dir/$1"
      return 0
    fi
  done
  return 1
}

# "#! /usr/bin/env NAME args" and "#!/bin/NAME args" become "#!<package>/bin/NAME args".
_deb_relocate_script() {
  local file=$1 line words dir
  IFS= read -r line <"$file"
  read -r -a words <<<"${line#\#!}"
  if [[ ${words[0]##*/} == env && ${#words[@]} -gt 1 ]]; then
    words=("${words[@]:1}")
  fi
  for dir in "$pkg_prefix" "${pkg_deps_resolved[@]}"; do
    if [[ -x $dir/bin/${words[0]##*/} ]]; then
      words[0]=$dir/bin/${words[0]##*/}
      sed -i "1s|.*|#!${words[*]}|" "$file"
      return 0
    fi
  done
  problems+=("$file is a script for ${words[0]##*/}, which is not in pkg_deps")
}

# deb_check_needed PREFIX: every library that an ELF file names is in LD_RUN_PATH, hence in /hab/pkgs.
deb_check_needed() {
  local file name problems=()
  local -A found=()
  while IFS= read -r -d '' file; do
    _deb_magic "$file"
    if [[ $REPLY != $'\x7fELF' ]]; then
      continue
    fi
    while IFS= read -r name; do
      if [[ -n $name && -z ${found[$name]:-} ]]; then
        if _deb_find_library "$name" >/dev/null; then
          found[$name]=1
        else
          problems+=("$file needs $name, which is not in pkg_deps")
        fi
      fi
    done < <(patchelf --print-needed "$file" 2>/dev/null)
  done < <(find "$1" -type f -print0)
  _deb_report "$1" "${problems[@]}"
}
