# SPDX-License-Identifier: Apache-2.0
# Every phase as the builder has it, and the block at the end that four dozen plans of the wild carry.
pkg_name=stock
pkg_origin=acme
pkg_version=1.0
pkg_description="Built by the stock phases alone"
pkg_upstream_url="https://example.org/stock"
pkg_maintainer="The hab developers"
pkg_license=("Apache-2.0" "MIT")
pkg_source="file://$PLAN_CONTEXT/../sources/$pkg_name-${pkg_version}.tar.gz"
pkg_shasum=$(sha256sum "$PLAN_CONTEXT/../sources/stock-1.0.tar.gz" | cut -d' ' -f1)
# A sum in upper case is the same sum.
pkg_shasum=${pkg_shasum^^}
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_include_dirs=(include)

do_check() {
  make check
}

if [[ "$STUDIO_TYPE" = "stage1" ]]; then
  pkg_build_deps=(core/gcc core/coreutils)
fi
