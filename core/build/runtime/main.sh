# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Evaluates one plan.sh: the only part of a build that runs where the plan runs. It defines what plans may
# call or replace, and runs the phases in order. Everything that needs no plan code (dependencies,
# environments, downloads, configuration, metafiles, packing, signing) is asked of the driver, see
# docs/formats/build-protocol.md. Names beginning with _hab_ are private; every other function may be
# replaced by a plan, as upstream allows. Needs bash 4.4.

# --- Conversation with the driver: NUL-ended fields over two FIFOs ---------------------------------------

_hab_connect() {
    # Only the reading end of the reply: when the driver dies, the next read ends instead of hanging.
    exec {_hab_request_fd}>"$HAB_BUILD_CONTROL/request" {_hab_reply_fd}<"$HAB_BUILD_CONTROL/reply"
}

# Sends a request; its fields come back in HAB_REPLY. Returns the reply's status.
_hab_ask() {
    local status count
    HAB_REPLY=()
    printf '%s\0' "$#" "$@" >&"$_hab_request_fd"
    if ! IFS= read -r -d '' status <&"$_hab_reply_fd" ||
        ! IFS= read -r -d '' count <&"$_hab_reply_fd"; then
        echo "ERROR: the build driver has gone away" >&2
        trap - ERR EXIT
        exit 1
    fi
    ((count == 0)) || mapfile -d '' -t -n "$count" HAB_REPLY <&"$_hab_reply_fd"
    return "$status"
}

# As _hab_ask; a failure ends the build with the reply's status.
_hab_must() {
    local status=0
    _hab_ask "$@" || status=$?
    if ((status != 0)); then
        _hab_driver_refused=1
        exit_with "${HAB_REPLY[0]}" "$status"
    fi
}

# HAB_REPLY as a list of variables: name, number of values, values. s:NAME sets a scalar, x:NAME exports
# one, a bare name is an array.
_hab_assign() {
    local _hab_i=0 _hab_name _hab_count
    while ((_hab_i < ${#HAB_REPLY[@]})); do
        _hab_name=${HAB_REPLY[_hab_i]}
        _hab_count=${HAB_REPLY[_hab_i + 1]}
        case $_hab_name in
            s:*) printf -v "${_hab_name#s:}" '%s' "${HAB_REPLY[_hab_i + 2]}" ;;
            x:*) export "${_hab_name#x:}=${HAB_REPLY[_hab_i + 2]}" ;;
            *)
                local -n _hab_target=$_hab_name
                _hab_target=("${HAB_REPLY[@]:_hab_i+2:_hab_count}")
                unset -n _hab_target
                ;;
        esac
        _hab_i=$((_hab_i + 2 + _hab_count))
    done
    if [[ -n ${_hab_restart:-} ]]; then
        # A package was asked for that this studio does not show: the driver starts it anew.
        trap - ERR EXIT
        exit 0
    fi
}

# Sends the verb $1, and assigns the answer, with the state of every plan variable (the driver has said which): kind (s, a, A), name, count, values.
_hab_report() {
    local _hab_verb=$1 _hab_name _hab_key _hab_fields=() IFS=$' \t\n'
    local -A _hab_environ=()
    for _hab_name in $(compgen -e) "${!HAB_ENV_@}"; do
        _hab_environ[$_hab_name]=${!_hab_name:-}
    done
    for _hab_name in "${_hab_scalars[@]}"; do
        _hab_fields+=(s "$_hab_name" 1 "${!_hab_name:-}")
    done
    for _hab_name in "${_hab_arrays[@]}" ${2:+"$2"}; do
        local -n _hab_source=$_hab_name
        _hab_fields+=(a "$_hab_name" "${#_hab_source[@]}" "${_hab_source[@]}")
        unset -n _hab_source
    done
    for _hab_name in "${_hab_maps[@]}"; do
        if [[ $(declare -p "$_hab_name" 2>/dev/null) != "declare -"*A* ]]; then
            continue
        fi
        local -n _hab_source=$_hab_name
        _hab_fields+=(A "$_hab_name" $((2 * ${#_hab_source[@]})))
        for _hab_key in "${!_hab_source[@]}"; do
            _hab_fields+=("$_hab_key" "${_hab_source[$_hab_key]}")
        done
        unset -n _hab_source
    done
    _hab_fields+=(s _hab_has_version_function 1 "$(declare -F pkg_version || true)")
    _hab_must "$_hab_verb" "${_hab_fields[@]}"
    _hab_assign
}

# --- What the builder says, and how it stops -------------------------------------------------------------

_hab_cyan='' _hab_yellow='' _hab_red='' _hab_plain=''
if [[ ${HAB_BUILD_COLOR:-} == 1 ]]; then
    _hab_cyan=$'\e[36m' _hab_yellow=$'\e[33m' _hab_red=$'\e[31m' _hab_plain=$'\e[0m'
fi

_hab_say() {
    local colour=$1
    shift
    printf '   %s%s: %s%s\n' "$colour" "${pkg_name:-plan}" "$_hab_plain" "$*"
}

# A line of progress; a warning; a line that shows only when DEBUG is set.
build_line() { _hab_say "$_hab_cyan" "$*"; }
warn() { _hab_say "$_hab_yellow" "WARN: $*" >&2; }
debug() { [[ -z ${DEBUG:-} ]] || _hab_say "$_hab_cyan" "DEBUG: $*"; }

# Ends the build: a message and the exit code (default 1).
exit_with() {
    _hab_message=$1
    _hab_say "$_hab_red" "ERROR: $1"
    exit "${2:-1}"
}

# Upstream's debugger in the middle of a build.
attach() {
    warn "attach is ignored: a build has no terminal; look around with 'hab studio enter'"
}

# Remembers the last failing command for the error message. What a helper has said about its failure
# counts only if it is the helper that ends the build.
_hab_on_error() {
    case $3 in
        download_file* | verify_file* | unpack_file* | return*) ;;
        *) _hab_message='' ;;
    esac
    _hab_failed_command="$3 ($4:$2)"
}

# Runs at every end of the shell. do_after_failure gets a subshell, so that it cannot change the outcome.
_hab_on_exit() {
    local status=$1
    trap - ERR EXIT
    set +e +E
    if ((status == 0 && _hab_done)); then
        exit 0
    elif ((status == 0)); then
        status=1
        _hab_message="the plan called 'exit 0' in ${_hab_step:-plan.sh} before the build was complete"
    fi
    if ! [[ ${_hab_driver_refused:-} ]]; then
        _hab_ask failed "$status" "${_hab_step:-plan.sh}" "${_hab_message:-}" "${_hab_failed_command:-}"
    fi
    cd "$PLAN_CONTEXT" || exit "$status"
    ! declare -F do_after_failure >/dev/null || (do_after_failure)
    exit "$status"
}

# --- Helpers for plans -----------------------------------------------------------------------------------

# Whether a command exists.
exists() { command -v "$1" >/dev/null 2>&1; }

# Text without white space at both ends.
trim() {
    local text="$*"
    text=${text#"${text%%[![:space:]]*}"}
    printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# Absolute form of an existing path; status 127 when it does not exist.
abspath() {
    [[ -e $1 ]] || return 127
    if [[ -d $1 ]]; then (cd "$1" && pwd); else echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"; fi
}

# join_by SEPARATOR ITEM...: only the first character of the separator counts.
join_by() { local IFS=$1 && shift && echo "$*"; }

# pkg_path_for DEP: prefix of the first direct dependency with that identity: a name, or any run of
# origin/name/version/release that contains the name. Status 1 with a warning if there is none.
pkg_path_for() {
    local path ident name
    for path in "${pkg_all_deps_resolved[@]}"; do
        ident=${path#"$HAB_PKG_PATH"/} name=${path#"$HAB_PKG_PATH"/*/} name=${name%%/*}
        if [[ /$ident/ == */"$1"/* && /$1/ == */"$name"/* ]]; then
            echo "$path"
            return 0
        fi
    done
    warn "pkg_path_for: '$1' is not among pkg_deps and pkg_build_deps"
    return 1
}

# pkg_interpreter_for PKG INTERPRETER: the path that a run dependency gives for e.g. bin/bash.
pkg_interpreter_for() {
    local path
    path=$(pkg_path_for "$1") || return 1
    _hab_helper pkg_interpreter_for interpreter "$1" "$path" "$2" || return 1
    echo "${HAB_REPLY[0]}"
}

# fix_interpreter "FILE..." PKG INTERPRETER: first lines "#!...INTERPRETER" name the package's one.
fix_interpreter() {
    local targets=$1 interpreter=$3 resolved file first
    resolved=$(pkg_interpreter_for "$2" "$3") || return 1
    # Globs and blanks in the first argument are the contract.
    # shellcheck disable=SC2086
    for file in $targets; do
        first=''
        [[ -f $file ]] && IFS= read -r -n 512 first <"$file" 2>/dev/null
        if [[ $first == '#!'*"$interpreter"* ]]; then
            sed -e "1s|^#!.*${interpreter//./\\.}|#!${resolved}|" -i "$(readlink -f "$file")" || return 1
        fi
    done
}

# download_file URL NAME [SHA256]: into HAB_CACHE_SRC_PATH, unless it is there already with that hash.
# HAB_DOWNLOADED is the name that the source has for it.
download_file() {
    build_line "Downloading $1"
    _hab_helper download_file download "$1" "$2" "${3:-}" "${pkg_dirname:-}" || return 1
    # shellcheck disable=SC2034 # for plans
    HAB_DOWNLOADED=${HAB_REPLY[0]}
}

# verify_file NAME SHA256: status 1 if the file in HAB_CACHE_SRC_PATH has another hash.
verify_file() {
    build_line "Verifying $1"
    _hab_helper verify_file verify "$1" "${2:-}"
}

# As _hab_ask, for the helper $1; keeps the driver's sentence for the report of the failing phase.
_hab_helper() {
    local who=$1
    shift
    _hab_ask "$@" && return
    _hab_message=${HAB_REPLY[0]}
    warn "$who: ${HAB_REPLY[0]}"
    return 1
}

# unpack_file NAME: unpacks HAB_CACHE_SRC_PATH/NAME there, by suffix.
unpack_file() {
    build_line "Unpacking $1"
    local file=$HAB_CACHE_SRC_PATH/$1 with status=0
    case $1 in
        *.tar | *.tar.bz2 | *.tbz2 | *.tar.gz | *.tgz | *.tar.xz | *.txz | *.tar.zst | *.xz)
            with=(tar --no-same-owner -xf) ;;
        *.bz2) with=(bunzip2) ;;
        *.rar) with=(rar x) ;;
        *.gz) with=(gunzip) ;;
        *.zip) with=(unzip -o) ;;
        *.Z) with=(uncompress) ;;
        *.7z) with=(7z x) ;;
        *) _hab_message="there is no way to unpack '$1' by its suffix" status=1 ;;
    esac
    if ((status == 0)) && ! [[ -f $file ]]; then
        _hab_message="'$file' does not exist" status=1
    elif ((status == 0)); then
        (cd "$HAB_CACHE_SRC_PATH" && "${with[@]}" "$file") || status=$?
        ((status == 0)) || _hab_message="cannot unpack '$1': ${with[0]} ended with status $status"
    fi
    ((status == 0)) || warn "unpack_file: $_hab_message"
    return "$status"
}

# set_runtime_env [-f] NAME VALUE, push_runtime_env NAME VALUE, and the same for the time of the build of
# packages that name this one in pkg_build_deps.
for _hab_name in set_runtime_env set_buildtime_env push_runtime_env push_buildtime_env; do
    eval "$_hab_name() { _hab_env $_hab_name \"\$@\"; }"
done

_hab_env() {
    local _hab_who=$1 _hab_force=''
    shift
    if [[ ${1:-} == -f ]]; then
        _hab_force=1
        shift
    fi
    if [[ ! ${1:-} =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
        exit_with "$_hab_who: '${1:-}' is not a variable name"
    fi
    local _hab_type=HAB_ENV_${1}_TYPE _hab_separator=HAB_ENV_${1}_SEPARATOR
    _hab_must env "$_hab_who" "$_hab_force" "$1" "${2:-}" "${!1:-}" "${!_hab_type:-}" \
        "${!_hab_separator:-}" "$pkg_origin/$pkg_name"
    _hab_assign
}

# --- Version and release ---------------------------------------------------------------------------------

# Computes pkg_version with the plan's pkg_version function. Not from do_prepare on.
update_pkg_version() {
    if declare -F pkg_version >/dev/null; then
        pkg_version=$(pkg_version)
    fi
    build_line "Version is $pkg_version"
    _hab_report derive # the paths that depend on it, wherever they were already written down
}

# set_source_date SECONDS: the time stamp of everything in the package, and its release, when the caller
# has not set SOURCE_DATE_EPOCH: for plans whose sources have a date. Not from do_prepare on.
set_source_date() {
    _hab_must source_date "$1" "$_hab_step"
    _hab_assign
    _hab_report derive
}

# --- The stock phases: a plan replaces do_X and may call do_default_X ------------------------------------

do_default_begin() { return 0; }
do_default_before() { return 0; }
do_default_prepare() { return 0; }
do_default_after() { return 0; }
do_default_end() { return 0; }
do_default_download() {
    [[ -z ${pkg_source:-} ]] || download_file "$pkg_source" "$pkg_filename" "${pkg_shasum:-}"
}
do_default_verify() { [[ -z ${pkg_filename:-} ]] || verify_file "$pkg_filename" "${pkg_shasum:-}"; }
do_default_clean() {
    build_line "Removing $CACHE_PATH"
    rm -rf "${CACHE_PATH:?}"
}
do_default_unpack() { [[ -z ${pkg_filename:-} ]] || unpack_file "$pkg_filename"; }
do_default_build() {
    ./configure --prefix="$pkg_prefix"
    make
}
do_default_install() { make install; }
do_default_build_config() { _hab_must config "$pkg_prefix" "${HAB_CONFIG_EXCLUDE:-}"; }
do_default_build_service() { _hab_report service; }
# Programs lose all symbols, shared objects what is not needed to load them, archives their debug part.
do_default_strip() {
    if ! exists strip; then
        debug "no 'strip' here, symbols stay"
        return 0
    fi
    local executables=() shared_objects=() archives=()
    _hab_must elf_files "$pkg_prefix"
    _hab_assign
    _hab_strip --strip-all "${executables[@]}"
    _hab_strip --strip-unneeded "${shared_objects[@]}"
    _hab_strip --strip-debug "${archives[@]}"
}
# In portions: the kernel bounds how long a command may be.
_hab_strip() {
    local how=$1 i
    shift
    for ((i = 1; i <= $#; i += 500)); do
        strip "$how" "${@:i:500}"
    done
}

for _hab_name in begin before download verify clean unpack prepare build install build_config \
    build_service strip after end; do
    eval "do_$_hab_name() { do_default_$_hab_name; }"
done
do_setup_environment() { return 0; }

# --- The steps, in order ---------------------------------------------------------------------------------

_hab_done=0

# What every plan may use or replace, before it is read.
_hab_begin() {
    declare -gA pkg_exports=() pkg_binds=() pkg_binds_optional=() pkg_svc_limits=()
    unset -v pkg_source pkg_filename pkg_shasum pkg_dirname pkg_scaffolding pkg_type pkg_expose TERMINFO
    export INITIAL_PATH=$PATH INITIAL_PWD=$PWD THIS_PROGRAM=hab-plan-build
    umask 0022
    _hab_must hello
    _hab_assign
    # A studio begins without the few paths that scripts take for granted.
    if [[ -n ${STUDIO_TYPE:-} ]] && exists ln && exists mkdir; then
        mkdir -p /bin /usr/bin
        [[ -e /bin/bash ]] || ln -sf "$BASH" /bin/bash
        [[ -e /bin/sh ]] || ln -sf "$BASH" /bin/sh
        [[ -e /usr/bin/env ]] || ! exists env || ln -sf "$(command -v env)" /usr/bin/env
    fi
}

# Names that were used before pkg_name was known hold a token.
_hab_after_plan() {
    local name
    for name in "${!pkg_@}"; do
        if [[ ${!name} == *@__pkg_name__@* && $(declare -p "$name") == "declare -- "* ]]; then
            printf -v "$name" '%s' "${!name//@__pkg_name__@/$pkg_name}"
        fi
    done
    _hab_report plan "${_hab_check_list:-}"
}

# Runs one phase in PLAN_CONTEXT, or in the directory $2.
_hab_phase() {
    _hab_step=$1
    cd "${2:-$PLAN_CONTEXT}"
    "$1"
    cd "$PLAN_CONTEXT"
}

# Old libtool scripts would link against the build machine's libraries. The user's own tree is left alone.
_hab_fix_libtool() {
    if [[ -n ${pkg_source:-} && -d $SRC_PATH ]] && exists find && exists sed; then
        find "$SRC_PATH" -iname ltmain.sh -exec sed -e 's/eval sys_lib_.*search_path=.*//' -i {} +
    fi
}

_hab_run_steps() {
    build_line "Resolving dependencies"
    _hab_report resolve
    _hab_phase do_setup_environment
    _hab_report path
    _hab_phase do_before
    _hab_must fresh_prefix "$pkg_prefix"
    _hab_phase do_download
    _hab_phase do_verify
    _hab_phase do_clean
    _hab_phase do_unpack
    _hab_step='the build environment'
    mkdir -p "$CACHE_PATH"
    _hab_fix_libtool
    _hab_report ready
    build_line "Preparing to build"
    _hab_phase do_prepare "$SRC_PATH"
    build_line "Building"
    _hab_phase do_build "$SRC_PATH"
    if declare -F do_check >/dev/null && [[ -n ${DO_CHECK:-} ]]; then
        build_line "Running post-compile tests"
        _hab_phase do_check "$SRC_PATH"
    fi
    build_line "Installing"
    mkdir -p "$pkg_prefix" "${pkg_lib_dirs[@]/#/$pkg_prefix/}" "${pkg_bin_dirs[@]/#/$pkg_prefix/}" \
        "${pkg_include_dirs[@]/#/$pkg_prefix/}" "${pkg_pconfig_dirs[@]/#/$pkg_prefix/}"
    _hab_phase do_install "$SRC_PATH"
    build_line "Building the service configuration"
    _hab_phase do_build_config
    _hab_phase do_build_service
    build_line "Stripping unneeded symbols from binaries and libraries"
    _hab_phase do_strip
    _hab_phase do_after
    _hab_step='packing'
    _hab_report pack
    _hab_phase do_end
    _hab_done=1
    if declare -F do_after_success >/dev/null; then
        trap - ERR
        set +e
        (set -e; do_after_success)
        _hab_status=$?
        if ((_hab_status != 0)); then
            warn "do_after_success failed with status $_hab_status; the package is complete"
        fi
    fi
}

# Plan and scaffolding are read below, outside any function: `declare` in a plan must make globals.
if [[ -z ${HAB_BUILD_CONTROL:-} ]]; then
    return 0 # only the functions were wanted
fi
_hab_connect
_hab_begin
trap '_hab_on_error $? "$LINENO" "$BASH_COMMAND" "${BASH_SOURCE[0]}"' ERR
trap '_hab_on_exit $?' EXIT
trap 'exit 129' HUP && trap 'exit 130' INT && trap 'exit 143' TERM
set -e -E
cd "$PLAN_CONTEXT"

# Inside `if`, errexit is off while the plan is read: plans of the wild rely on that.
# shellcheck source=/dev/null
if source "$PLAN_CONTEXT/plan.sh"; then :; else
    _hab_status=$?
    exit_with "Failed to load plan $PLAN_CONTEXT/plan.sh: its last command gave status $_hab_status" \
        "$_hab_status"
fi
if [[ $_hab_mode == check ]]; then
    _hab_check_list=_hab_defined
    shopt -s extdebug
    # shellcheck disable=SC2034,SC2046 # one line each: pkg_NAME, and FUNCTION LINE FILE
    mapfile -t _hab_defined < <(compgen -v pkg_; declare -F $(compgen -A function))
fi
_hab_after_plan
if [[ $_hab_mode != build ]]; then
    trap - ERR EXIT
    exit 0
fi

_hab_phase do_begin
_hab_report begun

if [[ -n ${pkg_scaffolding:-} ]]; then
    _hab_must scaffolding "$pkg_scaffolding"
    _hab_assign
    build_line "Loading scaffolding $pkg_scaffolding"
    # shellcheck source=/dev/null
    if source "$_hab_scaffolding_prefix/lib/scaffolding.sh"; then :; else
        exit_with "Failed to load the scaffolding $pkg_scaffolding" 17
    fi
    pkg_build_deps=("${_hab_scaffolding_deps[@]}" "${pkg_build_deps[@]}")
    ! declare -F scaffolding_load >/dev/null || _hab_phase scaffolding_load
    _hab_report derive
fi

_hab_run_steps
