# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Evaluates one plan.sh: the only part of a build that runs where the plan runs. Everything that needs no
# plan code (dependencies, downloads, metafiles, packing, signing) is asked of the driver, see ask.sh and
# docs/formats/build-protocol.md. Names beginning with _hab_ are private; every other function may be
# replaced by a plan, as upstream allows. Needs bash 4.4.
#
# Plan and scaffolding are sourced here, outside any function: `declare` in a plan must make globals.

_hab_runtime=${BASH_SOURCE[0]%/*}
# shellcheck source=/dev/null
for _hab_part in ask console helpers environment version phases install steps; do
    source "$_hab_runtime/$_hab_part.sh"
done

_hab_connect
_hab_must hello
_hab_assign
_hab_defaults
_hab_studio_links
trap '_hab_on_error $? "$LINENO" "$BASH_COMMAND" "${BASH_SOURCE[0]}"' ERR
trap '_hab_on_exit $?' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
set -e -E
cd "$PLAN_CONTEXT"

# Inside `if`, errexit is off while the plan is read: plans of the wild rely on that.
# shellcheck source=/dev/null
if source "$PLAN_CONTEXT/plan.sh"; then :; else
    _hab_status=$?
    exit_with "Failed to load plan $PLAN_CONTEXT/plan.sh: its last command gave status $_hab_status" \
        "$_hab_status"
fi
_hab_after_plan
_hab_report plan
if [[ $_hab_mode == probe ]]; then
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
    if [[ ! -f $_hab_scaffolding_prefix/lib/scaffolding.sh ]]; then
        exit_with "Scaffolding $pkg_scaffolding has no lib/scaffolding.sh" 17
    elif source "$_hab_scaffolding_prefix/lib/scaffolding.sh"; then :; else
        exit_with "Failed to load the scaffolding $pkg_scaffolding" 17
    fi
    pkg_build_deps=("${_hab_scaffolding_deps[@]}" "${pkg_build_deps[@]}")
    if declare -F scaffolding_load >/dev/null; then
        _hab_phase scaffolding_load
    fi
    _hab_init_version
fi

_hab_run_steps
