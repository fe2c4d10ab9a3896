# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Version and release of the package, and everything that is derived from them.

_hab_unset_version=__pkg__version__unset__

# Sets the paths that depend on name, version and release.
_hab_derive() {
    local old=${pkg_prefix:-}
    if [[ -n $_hab_dirname_is_default ]]; then
        pkg_dirname=$pkg_name-$pkg_version
    fi
    if [[ -n ${1:-} || -z $old ]]; then
        pkg_prefix=$HAB_PKG_PATH/$pkg_origin/$pkg_name/$pkg_version/$pkg_release
    fi
    pkg_artifact=$HAB_CACHE_ARTIFACT_PATH/$pkg_origin-$pkg_name-$pkg_version-$pkg_release-$pkg_target.hart
    CACHE_PATH=$HAB_CACHE_SRC_PATH/$pkg_dirname
    if [[ -n ${pkg_source:-} ]]; then
        SRC_PATH=$CACHE_PATH
    fi
    if [[ -n $old && $old != "$pkg_prefix" ]]; then
        _hab_reprefix "$old" "$pkg_prefix"
        if [[ -n ${_hab_fresh_prefix:-} ]]; then
            _hab_must fresh_prefix "$pkg_prefix"
        fi
    fi
}

# Replaces an outdated prefix wherever it was already written down.
_hab_reprefix() {
    local key name
    PATH=${PATH//"$1"/"$2"}
    for name in _hab_runtime_env _hab_buildtime_env; do
        local -n _hab_set=$name
        for key in "${!_hab_set[@]}"; do
            if [[ ${_hab_set[$key]} == *"$1"* ]]; then
                _hab_set[$key]=${_hab_set[$key]//"$1"/"$2"}
                export "$key=${!key//"$1"/"$2"}"
            fi
        done
        unset -n _hab_set
    done
}

_hab_init_version() {
    if [[ -z ${pkg_version:-} ]] && declare -F pkg_version >/dev/null; then
        pkg_version=$_hab_unset_version
        _hab_derive recompute
    fi
}

_hab_too_late() {
    if [[ -n ${_hab_prepared:-} ]]; then
        exit_with "$1 was called in $_hab_step; from do_prepare on the version is fixed" 21
    fi
}

# Computes pkg_version with the plan's pkg_version function. Not from do_prepare on.
update_pkg_version() {
    _hab_too_late update_pkg_version
    if declare -F pkg_version >/dev/null; then
        pkg_version=$(pkg_version)
    fi
    build_line "Version is $pkg_version"
    _hab_derive recompute
    if [[ $pkg_version != "$_hab_unset_version" ]]; then
        _hab_reprefix "$_hab_unset_version" "$pkg_version"
    fi
}

# set_source_date SECONDS: the time stamp of everything in the package, and its release, when the caller
# has not set SOURCE_DATE_EPOCH: for plans whose sources have a date. Not from do_prepare on.
set_source_date() {
    _hab_too_late set_source_date
    if [[ ! $1 =~ ^[0-9]+$ ]]; then
        exit_with "set_source_date: '$1' is not a number of seconds"
    fi
    if [[ -n $_hab_source_date_fixed ]]; then
        return 0
    fi
    export SOURCE_DATE_EPOCH=$1
    local -x TZ=UTC0
    printf -v pkg_release '%(%Y%m%d%H%M%S)T' "$1"
    _hab_derive recompute
}
