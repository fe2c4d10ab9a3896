# Shared by the benchmarks: interleaved runs, medians, one table. Source it.
# shellcheck shell=bash

# seconds CMD...: wall time of one run, in seconds with six digits.
seconds() {
    local start=$EPOCHREALTIME
    "$@" >/dev/null
    local end=$EPOCHREALTIME
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.6f\n", b - a }'
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

bench_header() { printf '%-44s %12s %12s %8s\n' work ours peer ratio; }

# compare WORK OURS PEER [RUNS]: OURS and PEER are names of shell functions; runs are interleaved, the
# medians of RUNS (default 7) are printed. The ratio is peer/ours: over 1 we are faster.
# Its own variables begin with bench_: the functions it calls see them, and would mistake a `work` for theirs.
compare() {
    local bench_label=$1 bench_ours=$2 bench_peer=$3 bench_runs=${4:-7} bench_i
    local bench_mine=() bench_theirs=()
    "$bench_ours" >/dev/null
    "$bench_peer" >/dev/null
    for ((bench_i = 0; bench_i < bench_runs; ++bench_i)); do
        bench_mine+=("$(seconds "$bench_ours")")
        bench_theirs+=("$(seconds "$bench_peer")")
    done
    awk -v work="$bench_label" -v a="$(printf '%s\n' "${bench_mine[@]}" | median)" \
        -v b="$(printf '%s\n' "${bench_theirs[@]}" | median)" \
        'BEGIN { printf "%-44s %10.1fms %10.1fms %8.2f\n", work, a * 1000, b * 1000, b / a }'
}

# pss_kb PID...: summed proportional set size.
pss_kb() {
    local pid total=0 kb
    for pid in "$@"; do
        kb=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
        total=$((total + kb))
    done
    echo "$total"
}
