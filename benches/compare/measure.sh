# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # What the parts share is set in compare.sh and in one another.
# Times of commands that run in turn, peaks of memory, and the rows of the table.

grep_words='dashboard\|websocket\|jwt middleware'
rg_words='dashboard|websocket|jwt middleware'

# lnav takes a minute for a gigabyte; this many rounds of it must do.
lnav_rounds=3

# in_turn ROUNDS OUTPUT COMMAND...: runs all commands once, one after the other, then all again, so that
# what else the machine does meets all of them. Leaves a line of seconds for each round in times.json,
# without the first round; null where a command sat out.
in_turn() {
    local count=$1 output=$2 round
    shift 2
    : >times.json
    for ((round = 0; round < count; round++)); do
        local commands=("$@")
        if ((round >= lnav_rounds)); then
            commands=()
            local command
            for command in "$@"; do
                [[ $command == *"lnav -n"* ]] || commands+=("$command")
            done
        fi
        # No shell around the commands: its own time is as long as a small log's. wswhy's status is 1
        # where it diagnoses a failure.
        hyperfine --shell=none --ignore-failure --runs 1 --output "$output" --style none \
            --export-json round.json "${commands[@]}" >/dev/null 2>&1
        if ((round > 0)); then
            jq -c '[.results[].times[0]]' round.json >>times.json
        fi
    done
}

# shellcheck disable=SC2016 # The dollar signs are jq's.
statistics='
    def median: sort | if length % 2 == 1 then .[length / 2 | floor]
        else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    def digits($n): . * pow(10; $n) | round | tostring
        | if length <= $n then "0" * ($n + 1 - length) + . else . end
        | .[:length - $n] + "." + .[length - $n:];
    def spread(show): "\(median | show) (\(min | show)–\(max | show))";
    def seconds: if . >= 10 then digits(1) elif . >= 0.1 then digits(3) else digits(4) end;
    def verdict($bar): if $bar == null then " | "
        else "≤ \($bar) | \(if median <= $bar then "met" else "missed" end)" end;
'

# compared LOG COLUMN NAME [BAR]: a row on wswhy, the first command, beside another.
compared() {
    jq -rs --arg log "$1" --argjson column "$2" --arg name "$3" --argjson bar "${4:-null}" "$statistics"'
        map(select(.[$column] != null)) as $rounds
        | ($rounds | map(.[0] / .[$column])) as $ratios
        | "| \($log) | \(map(.[0]) | spread(seconds)) s | \($name) |"
        + " \($rounds | map(.[$column]) | spread(seconds)) s |"
        + " \($ratios | spread(digits(2))) | \($ratios | verdict($bar)) |"
    ' times.json
}

# grown LOG SHORT LONG: a row on how much longer wswhy takes for the long log, by their columns.
grown() {
    jq -rs --arg log "$1" --argjson short "$2" --argjson long "$3" "$statistics"'
        map(.[$long] / .[$short]) as $ratios
        | "| \($log) | \(map(.[$long]) | spread(seconds)) s | a tenth of it |"
        + " \(map(.[$short]) | spread(seconds)) s |"
        + " \($ratios | spread(digits(2))) | \($ratios | verdict(10.5)) |"
    ' times.json
}

# peak COMMAND...: the most memory it had at once, in KiB, its input and output left as they are.
peak() {
    # A diagnosed failure is status 1, and a terminal is not needed.
    /usr/bin/time -f %M -o peak.txt "$@" >/dev/null 2>&1 || true
    tail -1 peak.txt
}

# remembered WHAT PROGRAM KIB [BAR in MiB]: a row on memory.
remembered() {
    jq -rn --arg what "$1" --arg program "$2" --argjson peak "$3" --argjson bar "${4:-null}" \
        "$statistics"'
        ($peak / 1024) as $mebibytes
        | "| \($what) | \($program) | \($mebibytes | digits(1)) MiB |"
        + " \([$mebibytes] | verdict($bar) | sub("(?<n>≤ [0-9]+)"; "\(.n) MiB")) |"
    '
}
