# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Configuration, hooks and the run script of a service.

# _hab_copy_tree FROM TO: all but editors' leavings, or what HAB_CONFIG_EXCLUDE (comma list) names.
_hab_copy_tree() {
    local from=$1 to=$2 entry base pattern patterns
    IFS=, read -r -a patterns <<<"${HAB_CONFIG_EXCLUDE:-*.sw?,*~,*.bak}"
    mkdir -p "$to"
    chmod 0755 "$to"
    for entry in "$from"/* "$from"/.[!.]* "$from"/..?*; do
        base=${entry##*/}
        if [[ ! -e $entry && ! -L $entry ]]; then
            continue
        fi
        for pattern in "${patterns[@]}"; do
            # The right side is a glob on purpose.
            # shellcheck disable=SC2053
            if [[ $base == $pattern ]]; then
                continue 2
            fi
        done
        if [[ -d $entry && ! -L $entry ]]; then
            _hab_copy_tree "$entry" "$to/$base"
        else
            cp -P "$entry" "$to/$base"
        fi
    done
}

# Hooks are installed without extension; two files for one hook are an error.
_hab_copy_hooks() {
    local file name
    local -A seen=()
    mkdir -p "$pkg_prefix/hooks"
    chmod 0755 "$pkg_prefix/hooks"
    for file in "$PLAN_CONTEXT"/hooks/*; do
        if [[ ! -f $file || $file == *'~' ]]; then
            continue
        fi
        name=${file##*/}
        name=${name%.*}
        if [[ -n ${seen[$name]:-} ]]; then
            exit_with "There is more than one file for the hook '$name' in $PLAN_CONTEXT/hooks"
        fi
        seen[$name]=1
        cp "$file" "$pkg_prefix/hooks/$name"
    done
}

do_default_build_config() {
    local dir
    for dir in config config_install; do
        if [[ -d $PLAN_CONTEXT/$dir ]]; then
            _hab_copy_tree "$PLAN_CONTEXT/$dir" "$pkg_prefix/$dir"
        fi
    done
    if [[ -d $PLAN_CONTEXT/hooks ]]; then
        _hab_copy_hooks
    fi
    local file
    for file in default.toml config.schema.toml; do
        if [[ -f $PLAN_CONTEXT/$file ]]; then
            cp "$PLAN_CONTEXT/$file" "$pkg_prefix/$file"
        fi
    done
}

do_default_build_service() {
    if [[ -f $pkg_prefix/hooks/run || -z ${pkg_svc_run:-} ]]; then
        return 0
    fi
    cat >"$pkg_prefix/run" <<END
#!/bin/sh
export HOME="$pkg_svc_data_path"
cd "$pkg_svc_path"

if [ "\$(id -u)" = 0 ] && command -v chpst >/dev/null 2>&1; then
  exec chpst \\
    -U $pkg_svc_user:$pkg_svc_group \\
    -u $pkg_svc_user:$pkg_svc_group \\
    $pkg_svc_run 2>&1
else
  exec $pkg_svc_run 2>&1
fi
END
    chmod 0755 "$pkg_prefix/run"
}
