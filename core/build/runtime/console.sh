# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the builder says, and how it stops.

if [[ ${HAB_BUILD_COLOR:-} == 1 ]]; then
    _hab_cyan=$'\e[36m' _hab_yellow=$'\e[33m' _hab_red=$'\e[31m' _hab_plain=$'\e[0m'
else
    _hab_cyan='' _hab_yellow='' _hab_red='' _hab_plain=''
fi

_hab_say() {
    local colour=$1
    shift
    printf '   %s%s: %s%s\n' "$colour" "${pkg_name:-plan}" "$_hab_plain" "$*"
}

# Prints a line of progress.
build_line() {
    _hab_say "$_hab_cyan" "$*"
}

warn() {
    _hab_say "$_hab_yellow" "WARN: $*" >&2
}

# Prints only when DEBUG is set.
debug() {
    if [[ -n ${DEBUG:-} ]]; then
        _hab_say "$_hab_cyan" "DEBUG: $*"
    fi
}

# Ends the build: a message and the exit code (default 1).
exit_with() {
    _hab_message=$1
    _hab_say "$_hab_red" "ERROR: $1"
    exit "${2:-1}"
}

# Remembers the last failing command for the error message.
_hab_on_error() {
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
    if declare -F do_after_failure >/dev/null; then
        (do_after_failure)
    fi
    exit "$status"
}
