# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # What the parts share is set in compare.sh and in one another.
# The logs that are measured on, each made when it is first asked for.

# The length in bytes.
bytes() {
    case $1 in
        *k) echo $((${1%k} * 1000)) ;;
        *m) echo $((${1%m} * 1000000)) ;;
        *g) echo $((${1%g} * 1000000000)) ;;
        *) echo "$1" ;;
    esac
}

# Makes these logs in the working folder: KIND.log, KIND.tenth.log, KIND.hundredth.log, a quarter with
# a seed of its own (KIND.q1.log), any of them packed (.gz, .zst), the folder many/, a piped grep
# (hundred.txt).
need() {
    local name
    for name in "$@"; do
        if [[ ! -e $name ]]; then
            echo "making $name" >&2
            make_one "$name"
        fi
    done
}

make_one() {
    local whole kind=${1%%.*}
    whole=$(bytes "$size")
    case $1 in
        *.gz) need "${1%.gz}" && gzip --keep "${1%.gz}" ;;
        *.zst) need "${1%.zst}" && zstd --quiet "${1%.zst}" ;;
        *.tenth.log) "$make_logs" "$kind" --size $((whole / 10)) --into "$1" ;;
        *.hundredth.log) "$make_logs" "$kind" --size $((whole / 100)) --into "$1" ;;
        *.q?.log) "$make_logs" "$kind" --size $((whole / 4)) --seed "${1:(-5):1}" --into "$1" ;;
        *.log) "$make_logs" "$kind" --size "$whole" --into "$1" ;;
        many) "$make_logs" many --size "$whole" --into many ;;
        many.list) need many && find many -type f -print0 >many.list ;;
        hundred.txt)
            need dense.hundredth.log
            # As many lines as there are where the log is that small. grep may be stopped by head.
            { grep -iH "$grep_words" dense.hundredth.log || true; } | head -100 >hundred.txt
            ;;
    esac
}
