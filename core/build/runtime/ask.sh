# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The conversation with the driver: NUL-ended fields over two FIFOs. A request is a count and that many
# fields, the first one a verb. A reply is a status (0 = done, else an exit code), a count and that many
# fields; with a status the first field is the sentence that says what is wrong.

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
    if ((count > 0)); then
        mapfile -d '' -t -n "$count" HAB_REPLY <&"$_hab_reply_fd"
    fi
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

# HAB_REPLY as a list of variables: name, number of values, values. One value makes a scalar when the
# name is given with "s:", otherwise an array is set.
_hab_assign() {
    local i=0 name count
    while ((i < ${#HAB_REPLY[@]})); do
        name=${HAB_REPLY[i]}
        count=${HAB_REPLY[i + 1]}
        if [[ $name == s:* ]]; then
            printf -v "${name#s:}" '%s' "${HAB_REPLY[i + 2]}"
        else
            local -n _hab_target=$name
            _hab_target=("${HAB_REPLY[@]:i+2:count}")
            unset -n _hab_target
        fi
        i=$((i + 2 + count))
    done
    if [[ -n ${_hab_restart:-} ]]; then
        # A package was asked for that this studio does not show: the driver starts it anew.
        trap - ERR EXIT
        exit 0
    fi
}

_hab_scalars=(pkg_name pkg_origin pkg_version pkg_release pkg_description pkg_upstream_url
    pkg_maintainer pkg_source pkg_filename pkg_shasum pkg_prefix pkg_svc_run pkg_svc_user pkg_svc_group
    pkg_scaffolding pkg_shutdown_signal pkg_shutdown_timeout_sec pkg_type pkg_template_engine
    pkg_svc_ready_fd pkg_template_mode pkg_template_strict
    SOURCE_DATE_EPOCH CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LD_RUN_PATH)
_hab_arrays=(pkg_license pkg_deps pkg_build_deps pkg_bin_dirs pkg_lib_dirs pkg_include_dirs
    pkg_pconfig_dirs pkg_interpreters pkg_exposes pkg_expose pkg_plugins)
_hab_maps=(pkg_exports pkg_binds pkg_binds_optional pkg_svc_limits _hab_runtime_env _hab_buildtime_env
    _hab_runtime_provenance _hab_buildtime_provenance)

# Sends the verb $1 with the state of every plan variable: kind (s, a, A), name, count, values.
_hab_report() {
    local verb=$1 name fields=() _hab_key
    for name in "${_hab_scalars[@]}"; do
        fields+=(s "$name" 1 "${!name}")
    done
    for name in "${_hab_arrays[@]}"; do
        local -n _hab_source=$name
        fields+=(a "$name" "${#_hab_source[@]}" "${_hab_source[@]}")
        unset -n _hab_source
    done
    for name in "${_hab_maps[@]}"; do
        if [[ $(declare -p "$name" 2>/dev/null) != "declare -"*A* ]]; then
            continue
        fi
        local -n _hab_source=$name
        fields+=(A "$name" $((2 * ${#_hab_source[@]})))
        for _hab_key in "${!_hab_source[@]}"; do
            fields+=("$_hab_key" "${_hab_source[$_hab_key]}")
        done
        unset -n _hab_source
    done
    fields+=(s _hab_has_version_function 1 "$(declare -F pkg_version || true)")
    _hab_must "$verb" "${fields[@]}"
}
