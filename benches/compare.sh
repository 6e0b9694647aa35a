#!/usr/bin/env bash
# Measures wswhy beside grep, ripgrep, wc, lnav, gzip and zstd on logs that it makes itself, and prints
# a table in Markdown. Its exit status says whether it could measure, not whether a bar is met.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'TEXT'
benches/compare.sh [OPTION]...

  --quick         20 MB instead of 1 GB, three rounds: to see that all works
  --size SIZE     length of each log: 500k, 20m, 1g (COMPARE_SIZE; default 1g)
  --rounds N      rounds, of which one warms up (COMPARE_ROUNDS; default 6)
  --where FOLDER  makes a scratch folder in FOLDER and removes it at the end
                  (COMPARE_WHERE; default: the system's temporary folder).
                  It takes about 6 times SIZE.
  --only LIST     some of: plain,packed,pipe,growth,memory
  --wswhy FILE    measures that program instead of building this one (COMPARE_WSWHY)
  --write         puts the table into benches/README.md too
  --help
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
size=${COMPARE_SIZE:-1g}
rounds=${COMPARE_ROUNDS:-6}
where=${COMPARE_WHERE:-${TMPDIR:-/tmp}}
wswhy=${COMPARE_WSWHY:-}
only=plain,packed,pipe,growth,memory
write=no

while (($# > 0)); do
    case $1 in
        --quick) size=20m rounds=4 ;;
        --size) size=${2:?} && shift ;;
        --rounds) rounds=${2:?} && shift ;;
        --where) where=${2:?} && shift ;;
        --only) only=${2:?} && shift ;;
        --wswhy) wswhy=${2:?} && shift ;;
        --write) write=yes ;;
        --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
done

# shellcheck source=benches/compare/tools.sh
source "$here/compare/tools.sh"
# shellcheck source=benches/compare/logs.sh
source "$here/compare/logs.sh"
# shellcheck source=benches/compare/measure.sh
source "$here/compare/measure.sh"
# shellcheck source=benches/compare/parts.sh
source "$here/compare/parts.sh"

require_tools
build
scratch=$(mktemp -d "$where/wswhy-compare.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

{
    machine
    for part in plain packed pipe growth memory; do
        if [[ ",$only," == *",$part,"* ]]; then
            "part_$part"
        fi
    done
} | tee table.md

if [[ $write == yes ]]; then
    write_table table.md "$here/README.md"
fi
