# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The stock phases. A plan replaces do_X and may call do_default_X.

do_default_begin() { return 0; }
do_default_before() { return 0; }
do_default_prepare() { return 0; }
do_default_after() { return 0; }
do_default_end() { return 0; }

do_default_download() {
    if [[ -n ${pkg_source:-} ]]; then
        download_file "$pkg_source" "$pkg_filename" "${pkg_shasum:-}"
    fi
}

do_default_verify() {
    if [[ -n ${pkg_filename:-} ]]; then
        verify_file "$pkg_filename" "${pkg_shasum:-}"
    fi
}

do_default_clean() {
    build_line "Removing $CACHE_PATH"
    rm -rf "${CACHE_PATH:?}"
}

do_default_unpack() {
    if [[ -n ${pkg_filename:-} ]]; then
        unpack_file "$pkg_filename"
    fi
}

do_default_build() {
    ./configure --prefix="$pkg_prefix"
    make
}

do_default_install() {
    make install
}

# Programs lose all symbols, shared objects what is not needed to load them, archives their debug part.
do_default_strip() {
    if ! exists strip; then
        debug "no 'strip' here, symbols stay"
        return 0
    fi
    _hab_must elf_files "$pkg_prefix"
    local i files=("${HAB_REPLY[@]}")
    for ((i = 0; i + 1 < ${#files[@]}; i += 2)); do
        case ${files[i]} in
            executable) strip --strip-all "${files[i + 1]}" ;;
            shared) strip --strip-unneeded "${files[i + 1]}" ;;
            archive) strip --strip-debug "${files[i + 1]}" ;;
        esac
    done
}

do_begin() { do_default_begin; }
do_setup_environment() { return 0; }
do_before() { do_default_before; }
do_download() { do_default_download; }
do_verify() { do_default_verify; }
do_clean() { do_default_clean; }
do_unpack() { do_default_unpack; }
do_prepare() { do_default_prepare; }
do_build() { do_default_build; }
do_install() { do_default_install; }
do_build_config() { do_default_build_config; }
do_build_service() { do_default_build_service; }
do_strip() { do_default_strip; }
do_after() { do_default_after; }
do_end() { do_default_end; }
