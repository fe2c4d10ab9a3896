# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Functions for plan authors: packages, interpreters, sources, text.

# Whether a command exists.
exists() {
    command -v "$1" >/dev/null 2>&1
}

# Text without white space at both ends.
trim() {
    local text="$*"
    text=${text#"${text%%[![:space:]]*}"}
    text=${text%"${text##*[![:space:]]}"}
    printf '%s' "$text"
}

# Absolute form of an existing path; status 127 when it does not exist.
abspath() {
    local path=$1
    if [[ -d $path ]]; then
        (cd "$path" && pwd)
    elif [[ -e $path && $path == */* ]]; then
        echo "$(cd "${path%/*}" && pwd)/${path##*/}"
    elif [[ -e $path ]]; then
        echo "$(pwd)/$path"
    else
        return 127
    fi
}

# join_by SEPARATOR ITEM...
join_by() {
    local IFS=$1
    shift
    echo "$*"
}

# pkg_path_for DEP: prefix of the first direct dependency with that identity: a name, or any run of
# origin/name/version/release that contains the name. Status 1 with a warning if there is none.
pkg_path_for() {
    local path ident name rest version release
    for path in "${pkg_all_deps_resolved[@]}"; do
        ident=${path#"$HAB_PKG_PATH"/}
        IFS=/ read -r _ name version release <<<"$ident"
        for rest in "$name" "$name/$version" "$name/$version/$release"; do
            if [[ $1 == "$rest" || $1 == "${ident%%/*}/$rest" ]]; then
                echo "$path"
                return 0
            fi
        done
    done
    warn "pkg_path_for: '$1' is not among pkg_deps and pkg_build_deps"
    return 1
}

# pkg_interpreter_for PKG INTERPRETER: the path that a run dependency gives for e.g. bin/bash.
pkg_interpreter_for() {
    local path line
    path=$(pkg_path_for "$1") || return 1
    if [[ " ${pkg_deps_resolved[*]} " != *" $path "* ]]; then
        warn "pkg_interpreter_for: '$1' must be in pkg_deps"
        return 1
    fi
    if [[ -r $path/INTERPRETERS ]]; then
        while IFS= read -r line || [[ -n $line ]]; do
            if [[ $line == */"$2" || $line == "$2" ]]; then
                echo "$line"
                return 0
            fi
        done <"$path/INTERPRETERS"
    fi
    warn "pkg_interpreter_for: '$1' has no interpreter '$2'"
    return 1
}

# fix_interpreter "FILE..." PKG INTERPRETER: first lines "#!...INTERPRETER" name the package's one.
fix_interpreter() {
    local targets=$1 interpreter=$3 resolved file first real
    resolved=$(pkg_interpreter_for "$2" "$3") || return 1
    # Globs and blanks in the first argument are the contract.
    # shellcheck disable=SC2086
    for file in $targets; do
        if [[ ! -f $file ]]; then
            continue
        fi
        first=''
        IFS= read -r -n 512 first <"$file" 2>/dev/null || true
        if [[ $first != '#!'*"$interpreter"* ]]; then
            continue
        fi
        real=$(readlink -f "$file")
        sed -e "1s|^#!.*${interpreter//./\\.}|#!${resolved}|" -i "$real" || return 1
    done
}

# download_file URL NAME [SHA256]: into HAB_CACHE_SRC_PATH, unless it is there already with that hash.
# Also understands file: and deb: sources. HAB_DOWNLOADED is the name that the source has for it.
download_file() {
    build_line "Downloading $1"
    if ! _hab_ask download "$1" "$2" "${3:-}"; then
        _hab_refused download_file
        return 1
    fi
    # shellcheck disable=SC2034 # for plans
    HAB_DOWNLOADED=${HAB_REPLY[0]}
}

# verify_file NAME SHA256: status 1 if the file in HAB_CACHE_SRC_PATH has another hash.
verify_file() {
    build_line "Verifying $1"
    if ! _hab_ask verify "$1" "${2:-}"; then
        _hab_refused verify_file
        return 1
    fi
}

# Keeps the driver's sentence for the error report of the failing phase.
_hab_refused() {
    _hab_message=${HAB_REPLY[0]}
    warn "$1: ${HAB_REPLY[0]}"
}

# unpack_file NAME: unpacks HAB_CACHE_SRC_PATH/NAME there, by suffix.
unpack_file() {
    build_line "Unpacking $1"
    local file=$HAB_CACHE_SRC_PATH/$1 status=0
    if [[ ! -f $file ]]; then
        warn "unpack_file: '$file' does not exist"
        return 1
    fi
    pushd "$HAB_CACHE_SRC_PATH" >/dev/null || return 1
    case $1 in
        *.tar | *.tar.bz2 | *.tbz2 | *.tar.gz | *.tgz | *.tar.xz | *.txz | *.tar.zst | *.xz)
            tar xf "$file" --no-same-owner || status=$? ;;
        *.bz2) bunzip2 "$file" || status=$? ;;
        *.rar) rar x "$file" || status=$? ;;
        *.gz) gunzip "$file" || status=$? ;;
        *.zip) unzip -o "$file" || status=$? ;;
        *.Z) uncompress "$file" || status=$? ;;
        *.7z) 7z x "$file" || status=$? ;;
        *)
            warn "unpack_file: no way to unpack '$1' by its suffix"
            status=1
            ;;
    esac
    popd >/dev/null || return 1
    return "$status"
}
