# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Variables before and after the plan is read, and the order of the phases.

_hab_done=0

# What every plan may use or replace; set before it is read.
_hab_defaults() {
    pkg_name='' pkg_origin='' pkg_version='' pkg_description='' pkg_upstream_url='' pkg_maintainer=''
    pkg_license=() pkg_deps=() pkg_build_deps=() pkg_bin_dirs=() pkg_lib_dirs=() pkg_include_dirs=()
    pkg_pconfig_dirs=() pkg_interpreters=() pkg_exposes=() pkg_plugins=() pkg_svc_run='' pkg_prefix=''
    unset -v pkg_source pkg_filename pkg_shasum pkg_dirname pkg_scaffolding pkg_type pkg_expose
    declare -gA pkg_exports=() pkg_binds=() pkg_binds_optional=() pkg_svc_limits=()
    # As a token, so that plans may mention them before pkg_name is known.
    _hab_svc_paths @__pkg_name__@
    pkg_svc_user=hab
    pkg_svc_group=''
    INITIAL_PATH=$PATH
    INITIAL_PWD=$PWD
    THIS_PROGRAM=hab-plan-build
    export HAB_CACHE_SRC_PATH HAB_CACHE_ARTIFACT_PATH HAB_CACHE_KEY_PATH HAB_PKG_PATH SOURCE_DATE_EPOCH
    export INITIAL_PATH INITIAL_PWD THIS_PROGRAM
    umask 0022
    unset -v TERMINFO
    pkg_all_deps_resolved=() pkg_deps_resolved=() pkg_build_deps_resolved=()
    pkg_tdeps_resolved=() pkg_build_tdeps_resolved=() pkg_all_tdeps_resolved=()
}

_hab_svc_paths() {
    pkg_svc_path=$HAB_ROOT_PATH/svc/$1
    pkg_svc_data_path=$pkg_svc_path/data
    pkg_svc_files_path=$pkg_svc_path/files
    pkg_svc_var_path=$pkg_svc_path/var
    pkg_svc_config_path=$pkg_svc_path/config
    pkg_svc_config_install_path=$pkg_svc_path/config_install
    pkg_svc_static_path=$pkg_svc_path/static
}

# Completes what the plan has left open.
_hab_after_plan() {
    local name
    if [[ -n ${HAB_ORIGIN:-} ]]; then
        pkg_origin=$HAB_ORIGIN
    fi
    _hab_svc_paths "$pkg_name"
    for name in "${!pkg_@}"; do
        if [[ $(declare -p "$name") == "declare -- "* && ${!name} == *@__pkg_name__@* ]]; then
            printf -v "$name" '%s' "${!name//@__pkg_name__@/$pkg_name}"
        fi
    done
    if [[ -z $pkg_svc_group ]]; then
        pkg_svc_group=$pkg_svc_user
    fi
    if [[ -z ${pkg_filename:-} && -n ${pkg_source:-} ]]; then
        pkg_filename=${pkg_source##*/}
        if [[ $pkg_source == deb:* ]]; then
            pkg_filename=${pkg_source#deb:}
            pkg_filename=${pkg_filename%%=*}.deb
        fi
    fi
    _hab_dirname_is_default=''
    if [[ -z ${pkg_dirname:-} ]]; then
        _hab_dirname_is_default=1
    fi
    if [[ -z $pkg_version ]] && declare -F pkg_version >/dev/null; then
        pkg_version=$_hab_unset_version
    fi
    _hab_derive
}

# A studio begins without the few paths that scripts take for granted.
_hab_studio_links() {
    if [[ -n ${STUDIO_TYPE:-} ]] && exists ln && exists mkdir; then
        mkdir -p /bin /usr/bin
        [[ -e /bin/bash ]] || ln -sf "$BASH" /bin/bash
        [[ -e /bin/sh ]] || ln -sf "$BASH" /bin/sh
        [[ -e /usr/bin/env ]] || ! exists env || ln -sf "$(command -v env)" /usr/bin/env
    fi
}

# Runs one phase in PLAN_CONTEXT, or in the directory $2.
_hab_phase() {
    _hab_step=$1
    cd "${2:-$PLAN_CONTEXT}"
    "$1"
    cd "$PLAN_CONTEXT"
}

# Old libtool scripts would link against the build machine's libraries.
_hab_fix_libtool() {
    if [[ -z ${pkg_source:-} || ! -d $SRC_PATH ]] || ! exists find || ! exists sed; then
        return 0
    fi
    find "$SRC_PATH" -iname ltmain.sh -exec \
        sed -e 's/eval sys_lib_.*search_path=.*//' -i {} +
}

_hab_check_hooks() {
    local file text
    for file in "$PLAN_CONTEXT"/hooks/*; do
        if [[ -f $file ]]; then
            text=$(<"$file")
            if [[ $text == *$'\r'* ]]; then
                exit_with "The hook $file has CRLF line ends; a shell cannot run it"
            fi
        fi
    done
}

_hab_resolve() {
    build_line "Resolving dependencies"
    _hab_report resolve
    _hab_assign
}

_hab_prepare_prefix() {
    local dir
    mkdir -p "$pkg_prefix"
    for dir in "${pkg_lib_dirs[@]}" "${pkg_bin_dirs[@]}" "${pkg_include_dirs[@]}" \
        "${pkg_pconfig_dirs[@]}"; do
        mkdir -p "$pkg_prefix/$dir"
    done
}

_hab_run_steps() {
    _hab_resolve
    _hab_setup_environment
    _hab_build_path
    _hab_phase do_before
    _hab_fresh_prefix=1
    _hab_must fresh_prefix "$pkg_prefix"
    _hab_phase do_download
    _hab_phase do_verify
    _hab_phase do_clean
    _hab_phase do_unpack
    _hab_step='the build environment'
    _hab_build_flags
    mkdir -p "$CACHE_PATH"
    _hab_fix_libtool
    if [[ -z $pkg_version || $pkg_version == "$_hab_unset_version" ]]; then
        exit_with "pkg_version is not set: call update_pkg_version in do_before, do_download or do_unpack" 2
    fi
    _hab_check_hooks
    _hab_prepared=1
    build_line "Preparing to build"
    _hab_phase do_prepare "$SRC_PATH"
    build_line "Building"
    _hab_phase do_build "$SRC_PATH"
    if declare -F do_check >/dev/null && [[ -n ${DO_CHECK:-} ]]; then
        build_line "Running post-compile tests"
        _hab_phase do_check "$SRC_PATH"
    fi
    build_line "Installing"
    _hab_prepare_prefix
    _hab_phase do_install "$SRC_PATH"
    build_line "Building the service configuration"
    _hab_phase do_build_config
    _hab_phase do_build_service
    build_line "Stripping unneeded symbols from binaries and libraries"
    _hab_phase do_strip
    _hab_phase do_after
    _hab_step='packing'
    _hab_report pack
    _hab_assign
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
