#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Upstream's name for the build of one plan where it is called: in a studio, or on this machine as it is.
set -eu

usage() {
    echo "Usage: hab-plan-build [CONTEXT] [-u URL]

Builds the plan in CONTEXT (default: the current directory) as 'hab pkg build --native' does.

  -u URL   sets HAB_BLDR_URL
  -h       this text

Exit codes are those of 'hab pkg build'."
}

case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
    -* | '') context=. ;;
    *)
        context=$1
        shift
        ;;
esac
while getopts u:h option; do
    case $option in
        u) export HAB_BLDR_URL="$OPTARG" ;;
        h)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
exec "$here/hab" pkg build --native "$context"
