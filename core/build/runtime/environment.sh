# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The environment that a package asks for at run time and at build time, and the compiler variables.

declare -gA _hab_runtime_env=() _hab_buildtime_env=()
declare -gA _hab_runtime_provenance=() _hab_buildtime_provenance=()
declare -gA _hab_aggregates=([PATH]=: [GOPATH]=: [NODE_PATH]=: [PYTHONPATH]=: [BUNDLE_PATH]=:
    [BUNDLE_WITHOUT]=: [GEM_PATH]=: [RUBYLIB]=: [RUBYPATH]=: [CLASSPATH]=';')

# Separator of an aggregate variable; status 1 for a primitive one.
_hab_separator() {
    local type=HAB_ENV_${1}_TYPE separator=HAB_ENV_${1}_SEPARATOR
    case ${!type:-} in
        aggregate) echo "${!separator:-${_hab_aggregates[$1]:-:}}" ;;
        primitive) return 1 ;;
        '') [[ -n ${_hab_aggregates[$1]:-} ]] && echo "${!separator:-${_hab_aggregates[$1]}}" ;;
        *) exit_with "$type is '${!type}', not primitive or aggregate" ;;
    esac
}

# _hab_merge_list SEPARATOR FRONT BACK: the items of both, first occurrences only.
_hab_merge_list() {
    local separator=$1 item result='' rest="$2$1$3"
    local -A seen=()
    while [[ -n $rest ]]; do
        item=${rest%%"$separator"*}
        if [[ $rest == *"$separator"* ]]; then rest=${rest#*"$separator"}; else rest=''; fi
        if [[ -n $item && -z ${seen[$item]:-} ]]; then
            seen[$item]=1
            result+=${result:+$separator}$item
        fi
    done
    printf '%s' "$result"
}

_hab_check_env_name() {
    case $2 in
        PATH | LD_RUN_PATH | LDFLAGS | CFLAGS | CPPFLAGS | CXXFLAGS | PKG_CONFIG_PATH)
            exit_with "$1: $2 is computed by the builder; use pkg_bin_dirs, pkg_lib_dirs and the like" ;;
    esac
    if [[ ! $2 =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
        exit_with "$1: '$2' is not a variable name"
    fi
}

# _hab_set_env WHO SET PROVENANCE [-f] NAME VALUE
_hab_set_env() {
    local who=$1 force=''
    local -n _hab_set=$2 _hab_from=$3
    shift 3
    if [[ ${1:-} == -f ]]; then
        force=1
        shift
    fi
    _hab_check_env_name "$who" "${1:-}"
    if [[ -z $force && -n ${_hab_set[$1]+x} && ${_hab_set[$1]} != "$2" ]]; then
        exit_with "$who: $1 is already '${_hab_set[$1]}' (from ${_hab_from[$1]:-this plan}); use -f"
    fi
    _hab_set[$1]=$2
    _hab_from[$1]=$pkg_origin/$pkg_name
    export "$1=$2"
}

# _hab_push_env WHO SET PROVENANCE NAME VALUE
_hab_push_env() {
    local who=$1 separator
    local -n _hab_set=$2 _hab_from=$3
    local type=HAB_ENV_${4}_TYPE
    _hab_check_env_name "$who" "$4"
    if [[ ${!type:-} == primitive ]]; then
        exit_with "$who: $4 is primitive; use ${who/push/set}"
    fi
    _hab_aggregates[$4]=${_hab_aggregates[$4]:-:}
    separator=$(_hab_separator "$4")
    _hab_set[$4]=$(_hab_merge_list "$separator" "$5" "${_hab_set[$4]:-}")
    _hab_add_provenance "$3" "$4" "$pkg_origin/$pkg_name"
    export "$4=$(_hab_merge_list "$separator" "$5" "${!4:-}")"
}

_hab_add_provenance() {
    local -n _hab_target=$1
    if [[ " ${_hab_target[$2]:-} " != *" $3 "* ]]; then
        _hab_target[$2]="$3${_hab_target[$2]:+ ${_hab_target[$2]}}"
    fi
}

set_runtime_env() { _hab_set_env set_runtime_env _hab_runtime_env _hab_runtime_provenance "$@"; }
set_buildtime_env() {
    _hab_set_env set_buildtime_env _hab_buildtime_env _hab_buildtime_provenance "$@"
}
push_runtime_env() { _hab_push_env push_runtime_env _hab_runtime_env _hab_runtime_provenance "$@"; }
push_buildtime_env() {
    _hab_push_env push_buildtime_env _hab_buildtime_env _hab_buildtime_provenance "$@"
}

# _hab_layer SET PROVENANCE LIST: what direct dependencies ask for; LIST = ident, name, value ...
_hab_layer() {
    local -n _hab_set=$1 _hab_list=$3
    local i ident key value separator
    for ((i = 0; i + 2 < ${#_hab_list[@]}; i += 3)); do
        ident=${_hab_list[i]} key=${_hab_list[i + 1]} value=${_hab_list[i + 2]}
        if [[ -n ${_hab_set[$key]:-} && ${_hab_set[$key]} != "$value" ]]; then
            if separator=$(_hab_separator "$key"); then
                value=$(_hab_merge_list "$separator" "$value" "${_hab_set[$key]}")
                _hab_add_provenance "$2" "$key" "$ident"
            else
                warn "$ident changes $key from '${_hab_set[$key]}' to '$value'"
                local -n _hab_from=$2
                _hab_from[$key]=$ident
                unset -n _hab_from
            fi
        else
            _hab_add_provenance "$2" "$key" "$ident"
        fi
        _hab_set[$key]=$value
    done
}

# Dependencies first, then the plan, then everything is exported.
_hab_setup_environment() {
    _hab_layer _hab_runtime_env _hab_runtime_provenance _hab_dep_runtime_env
    _hab_layer _hab_buildtime_env _hab_buildtime_provenance _hab_dep_buildtime_env
    local key separator
    for key in "${!_hab_runtime_env[@]}"; do
        export "$key=${_hab_runtime_env[$key]}"
    done
    for key in "${!_hab_buildtime_env[@]}"; do
        if separator=$(_hab_separator "$key"); then
            export "$key=$(_hab_merge_list "$separator" "${_hab_buildtime_env[$key]}" "${!key:-}")"
        else
            export "$key=${_hab_buildtime_env[$key]}"
        fi
    done
    _hab_phase do_setup_environment
}

_hab_build_path() {
    local own='' dir dirs=''
    for dir in "${pkg_bin_dirs[@]}"; do
        own+=${own:+:}$pkg_prefix/$dir
    done
    dirs=$(join_by : "${_hab_dep_path[@]}")
    PATH=$(_hab_merge_list : "$own:$dirs" "$INITIAL_PATH")
    export PATH
    build_line "PATH is $PATH"
}

# Compiler variables: appended to what is there, from direct dependencies.
_hab_build_flags() {
    local dir path=()
    for dir in "${pkg_lib_dirs[@]}"; do
        path+=("$pkg_prefix/$dir")
    done
    path+=("${_hab_dep_ld_run_path[@]}")
    _hab_append LD_RUN_PATH : "$(join_by : "${path[@]}")"
    _hab_append CFLAGS ' ' "${_hab_dep_cflags[*]}"
    _hab_append CPPFLAGS ' ' "${_hab_dep_cppflags[*]}"
    _hab_append CXXFLAGS ' ' "${_hab_dep_cxxflags[*]}"
    _hab_append LDFLAGS ' ' "${_hab_dep_ldflags[*]}"
    _hab_append PKG_CONFIG_PATH : "$(join_by : "${_hab_dep_pkg_config_path[@]}")"
    export PREFIX=$pkg_prefix
}

_hab_append() {
    local value=${!1:-}
    if [[ -n $3 ]]; then
        value+=${value:+$2}$3
    fi
    if [[ -n $value ]]; then
        export "$1=$value"
        build_line "$1 is $value"
    fi
}
