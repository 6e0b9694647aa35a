# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # What the parts share is set in compare.sh and in one another.
# The programs that are measured or measured with, and what the table says of them and of the machine.

# Program and the Debian package it comes in.
tools=(
    "cargo rustup"
    "hyperfine hyperfine"
    "jq jq"
    "grep grep"
    "rg ripgrep"
    "wc coreutils"
    "lnav lnav"
    "gzip gzip"
    "zstd zstd"
    "/usr/bin/time time"
)

require_tools() {
    local missing=() entry
    for entry in "${tools[@]}"; do
        if ! command -v "${entry% *}" >/dev/null; then
            missing+=("${entry#* }")
        fi
    done
    if ((${#missing[@]} > 0)); then
        echo "missing: apt install ${missing[*]}" >&2
        exit 2
    fi
    if ! [[ $size =~ ^[0-9]+[kmg]?$ && $rounds =~ ^[0-9]+$ ]] || ((rounds < 2)); then
        echo "a size is written 500k, 20m or 1g, and there are at least two rounds" >&2
        exit 2
    fi
}

# Sets $wswhy and $make_logs.
build() {
    local manifest=$here/../Cargo.toml target
    target=$(cargo metadata --manifest-path "$manifest" --format-version 1 --no-deps --locked |
        jq -r .target_directory)
    make_logs=$target/release/examples/make-logs
    cargo build --manifest-path "$manifest" --release --locked --quiet --example make-logs
    if [[ -z $wswhy ]]; then
        cargo build --manifest-path "$manifest" --release --locked --quiet --bin wswhy
        wswhy=$target/release/wswhy
    fi
    wswhy=$(realpath "$wswhy")
}

# One line on what was measured where, without a name of the machine or a folder of it.
machine() {
    local cpu memory
    cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
    memory=$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
    echo "$(nproc) cores (${cpu:-unknown}), $memory of memory, Linux $(uname -r | cut -d. -f1,2)." \
        "$(version "$wswhy" --version), $(rustc --version | cut -d' ' -f1,2)," \
        "$(version grep --version), $(version rg --version), $(version lnav -V)," \
        "$(version gzip --version), $(version zstd --version), $(version hyperfine --version)."
    echo "Logs of $size; $((rounds - 1)) rounds after one to warm up;" \
        "medians, in brackets the least and the most of all rounds."
}

version() {
    "$@" 2>/dev/null | head -1 | sed 's/\*\*\*//g; s/,.*//; s/ (rev.*//; s/(GNU grep)/(GNU)/'
}

# Replaces what stands between the markers of a file.
write_table() {
    awk -v table="$1" '
        /^<!-- table begins -->$/ {
            print
            print ""
            while ((getline line < table) > 0) print line
            print ""
            skipping = 1
        }
        /^<!-- table ends -->$/ { skipping = 0 }
        !skipping
    ' "$2" >"$2.new"
    mv "$2.new" "$2"
}
