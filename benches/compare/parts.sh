# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # What the parts share is set in compare.sh and in one another.
# The parts of the table, each with its own logs.

table_head() {
    printf '\n### %s\n\n' "$1"
    echo "| log | wswhy | beside | takes | wswhy ÷ beside | bar | |"
    echo "|---|---|---|---|---|---|---|"
}

lnav_counting() {
    # lnav keeps notes in the home folder.
    echo "env HOME=$scratch lnav -n -c ':filter-in (?i)$rg_words'" \
        "-c ';SELECT count(*) FROM all_logs' $1"
}

# The same words in the same log.
part_plain() {
    local kind
    table_head "Beside grep, ripgrep, wc and lnav"
    for kind in sparse dense traceback json; do
        need "$kind.log"
        # Written to a pipe: grep stops at the first hit where nobody reads what it prints.
        in_turn "$rounds" pipe "$wswhy $kind.log" "rg -ic '$rg_words' $kind.log" \
            "grep -ic '$grep_words' $kind.log" "wc -l $kind.log" "$(lnav_counting "$kind.log")"
        compared "$kind" 1 "\`rg -ic\`" "$(bar_beside_rg "$kind")"
        compared "$kind" 2 "\`grep -ic\`" "$(bar_beside_grep "$kind")"
        compared "$kind" 3 "\`wc -l\`"
        compared "$kind" 4 "\`lnav -n\`"
    done
    need many many.list
    in_turn "$rounds" pipe "$wswhy many" "rg -ic '$rg_words' many" \
        "grep -ric '$grep_words' many" "wc -l --files0-from=many.list"
    compared "many, a folder of 10,000" 1 "\`rg -ic\`"
    compared "many, a folder of 10,000" 2 "\`grep -ric\`"
    compared "many, a folder of 10,000" 3 "\`wc -l\`"
}

bar_beside_rg() {
    case $1 in
        sparse) echo 1 ;;
        dense) echo 2 ;;
    esac
}

bar_beside_grep() {
    if [[ $1 == sparse ]]; then
        echo 0.5
    fi
}

# Unpacking is the limit.
part_packed() {
    local kind
    table_head "Packed logs, beside unpacking to nowhere"
    for kind in sparse dense; do
        need "$kind.log.gz" "$kind.log.zst"
        in_turn "$rounds" null "$wswhy $kind.log.gz" "gzip -dc $kind.log.gz"
        compared "$kind, gzip" 1 "\`gzip -dc\`" 1.2
        in_turn "$rounds" null "$wswhy $kind.log.zst" "zstd -dc $kind.log.zst"
        compared "$kind, zstd" 1 "\`zstd -dc\`" 1.2
    done
    local gz=(sparse.q{1,2,3,4}.log.gz) zst=(sparse.q{1,2,3,4}.log.zst)
    need "${gz[@]}" "${zst[@]}"
    in_turn "$rounds" null "$wswhy ${gz[*]}" "gzip -dc ${gz[*]}"
    compared "sparse, four of gzip" 1 "\`gzip -dc\` of the four" 1.2
    in_turn "$rounds" null "$wswhy ${zst[*]}" "zstd -dc ${zst[*]}"
    compared "sparse, four of zstd" 1 "\`zstd -dc\` of the four" 1.2
}

# What a person pipes in; nothing but the start of the program matters.
part_pipe() {
    table_head "A hundred lines of grep by a pipe, the shell and cat included"
    need hundred.txt
    in_turn 41 pipe "sh -c 'cat hundred.txt | $wswhy'" "sh -c 'cat hundred.txt | cat'" \
        "sh -c \"cat hundred.txt | rg -ic '$rg_words'\""
    compared "100 lines" 1 "\`cat\`"
    compared "100 lines" 2 "\`rg -ic\`"
    jq -rs "$statistics"'
        map(.[0] * 1000)
        | "\nwswhy takes \(spread(digits(1))) ms; the bar is 10 ms: "
        + "\(if median < 10 then "met" else "missed" end)."
    ' times.json
}

# Time for ten times the input.
part_growth() {
    local kind
    table_head "Growth: ten times the log"
    for kind in sparse dense; do
        need "$kind.hundredth.log" "$kind.tenth.log" "$kind.log"
        in_turn "$rounds" pipe "$wswhy $kind.hundredth.log" "$wswhy $kind.tenth.log" \
            "$wswhy $kind.log"
        grown "$kind, a tenth of $size" 0 1
        grown "$kind, $size" 1 2
    done
}

part_memory() {
    local kind
    printf '\n### Memory\n\n'
    echo "| input | program | most at once | bar | |"
    echo "|---|---|---|---|---|"
    for kind in sparse dense traceback json; do
        need "$kind.log"
        remembered "$kind" wswhy "$(peak "$wswhy" "$kind.log")" 64
    done
    need many
    remembered "many, a folder" wswhy "$(peak "$wswhy" many)" 64
    for kind in sparse dense; do
        need "$kind.log.gz" "$kind.log.zst"
        remembered "$kind, gzip" wswhy "$(peak "$wswhy" "$kind.log.gz")" 64
        remembered "$kind, zstd" wswhy "$(peak "$wswhy" "$kind.log.zst")" 64
        remembered "$kind by a pipe" wswhy "$(cat "$kind.log" | peak "$wswhy")" 64
    done
    remembered sparse rg "$(peak rg -ic "$rg_words" sparse.log)"
    remembered sparse grep "$(peak grep -ic "$grep_words" sparse.log)"
    remembered sparse lnav "$(peak env HOME="$scratch" lnav -n \
        -c ":filter-in (?i)$rg_words" -c ";SELECT count(*) FROM all_logs" sparse.log)"
    open_attempts
}

# What one attempt that has not ended costs: two logs of nothing else, ten times as many in one.
open_attempts() {
    local few many
    need open.hundredth.log open.tenth.log
    few=$(grep -c WSCONNECTING open.hundredth.log)
    many=$(grep -c WSCONNECTING open.tenth.log)
    jq -rn --argjson few "$few" --argjson many "$many" \
        --argjson less "$(peak "$wswhy" open.hundredth.log)" \
        --argjson more "$(peak "$wswhy" open.tenth.log)" "$statistics"'
        (($more - $less) / ($many - $few)) as $each
        | "\n\($many) attempts still open took \($more / 1024 | digits(1)) MiB, \($few) of them"
        + " \($less / 1024 | digits(1)) MiB: \($each | digits(2)) KiB for each; the bar is 1 KiB: "
        + "\(if $each <= 1 then "met" else "missed" end)."
    '
}
