# SPDX-License-Identifier: Apache-2.0
pkg_name=gcc
pkg_origin=core
pkg_description="The GNU compilers for C and C++"
pkg_upstream_url="https://gcc.gnu.org"
pkg_maintainer="The hab developers"
pkg_license=("GPL-3.0-or-later" "GPL-3.0-or-later WITH GCC-exception-3.1")
pkg_deps=(core/glibc core/glibc-dev core/gcc-libs core/binutils core/bash core/gmp core/isl core/libmpc core/mpfr
  core/zlib core/zstd)
pkg_bin_dirs=(bin)
pkg_lib_dirs=(lib)
pkg_scaffolding=core/scaffolding-deb
scaffolding_deb_packages=(gcc-12 cpp-12 g++-12 libgcc-12-dev libstdc++-12-dev libcc1-0
  gcc-12-base)
# The run-time libraries of sanitizers and of other languages are packages of their own.
gcc_dir='lib/gcc/*/12'
scaffolding_deb_drop=(bin/c89-gcc bin/c99-gcc "$gcc_dir/lib*san*" "$gcc_dir/libitm*" "$gcc_dir/libquadmath*")

pkg_version() {
  deb_version
}

# The compilers look for headers, start files and libraries in /usr: small scripts name the packages'. What is
# linked finds its loader, the C library and the compiler's libraries by itself, and everything in LD_RUN_PATH
# even where a build says -rpath, which would switch that variable off.
do_install() {
  do_default_install
  local name tool=$pkg_prefix/libexec/hab
  mkdir -p "$tool"
  gcc_write_linker "$tool/ld"
  cp -p "$tool/ld" "$tool/ld.bfd"
  for name in gcc g++ cpp; do
    gcc_write_driver "$name" "$pkg_prefix/bin/$name"
    cp -p "$pkg_prefix/bin/$name" "$pkg_prefix/bin/x86_64-linux-gnu-$name"
  done
  cp -p "$pkg_prefix/bin/gcc" "$pkg_prefix/bin/cc"
  cp -p "$pkg_prefix/bin/g++" "$pkg_prefix/bin/c++"
  for name in ar nm ranlib; do
    ln -sf "gcc-$name-12" "$pkg_prefix/bin/gcc-$name"
  done
}

gcc_write_driver() {
  local dev glibc libs binutils
  dev=$(pkg_path_for core/glibc-dev)
  glibc=$(pkg_path_for core/glibc)
  libs=$(pkg_path_for core/gcc-libs)
  binutils=$(pkg_path_for core/binutils)
  {
    echo "#!$(pkg_path_for core/bash)/bin/bash"
    echo "exec $pkg_prefix/bin/x86_64-linux-gnu-$1-12 -idirafter $dev/include \\"
    echo "  -idirafter $dev/include/x86_64-linux-gnu \\"
    if [[ $1 != cpp ]]; then
      echo "  -B $pkg_prefix/libexec/hab -B $dev/lib -B $binutils/bin -L $dev/lib -L $glibc/lib -L $libs/lib \\"
    fi
    echo '  "$@"'
  } >"$2"
  chmod 0755 "$2"
}

gcc_write_linker() {
  local glibc libs binutils
  glibc=$(pkg_path_for core/glibc)
  libs=$(pkg_path_for core/gcc-libs)
  binutils=$(pkg_path_for core/binutils)
  cat >"$1" <<END
#!$(pkg_path_for core/bash)/bin/bash
for word; do
  case \$word in
    -r | -i | --relocatable | -static | --version | -v | -V) exec $binutils/bin/ld "\$@" ;;
  esac
done
IFS=: read -r -a dirs <<<"\${LD_RUN_PATH:-}"
paths=()
for dir in "\${dirs[@]}" $libs/lib $glibc/lib; do
  [[ -z \$dir ]] || paths+=(-rpath "\$dir")
done
exec $binutils/bin/ld "\$@" --dynamic-linker $glibc/lib/ld-linux-x86-64.so.2 "\${paths[@]}"
END
  chmod 0755 "$1"
}
