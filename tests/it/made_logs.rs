//! The logs that speed is measured on: the same bytes everywhere, and what their kinds promise.

#[path = "../../benches/made/mod.rs"]
pub(crate) mod made;

use flate2::Crc;
use made::Kind;

const BYTES: u64 = 400_000;

fn made(kind: Kind, seed: u64) -> String {
    let mut log = Vec::new();
    made::write(kind, seed, 0, BYTES, &mut log).unwrap();
    assert!(log.len() as u64 <= BYTES && log.len() as u64 > BYTES - 5000);
    String::from_utf8(log).unwrap()
}

fn sum(text: &str) -> u32 {
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    crc.sum()
}

/// How many lines hold one of these.
fn count(text: &str, words: &[&str]) -> usize {
    let holds = |line: &&str| words.iter().any(|word| line.contains(word));
    text.lines().filter(holds).count()
}

#[test]
fn a_seed_gives_the_same_bytes_on_every_machine() {
    // Figures from before and after a change of these bytes cannot be compared: it has to be meant.
    let kinds = [
        Kind::Sparse,
        Kind::Dense,
        Kind::Traceback,
        Kind::Json,
        Kind::Open,
    ];
    let sums = kinds.map(|kind| {
        let log = made(kind, 1);
        assert_ne!(log, made(kind, 2), "{kind:?}");
        format!("{kind:?} {:08x}", sum(&log))
    });
    let expected =
        "Sparse a61a80c7, Dense 951413ca, Traceback 4b41a208, Json 1de2c1f2, Open dbe9d2b5";
    assert_eq!(sums.join(", "), expected);
}

#[test]
fn a_kind_holds_as_much_of_everything_as_it_says() {
    let sockets = ["WebSocket", "\"WS", "consumers: ", "JWT", "for path 'ws/"];
    let tracebacks = ["Traceback (most recent call last)"];
    let dense = made(Kind::Dense, 1);
    let of_thousand = count(&dense, &sockets) * 1000 / dense.lines().count();
    assert!((600..=720).contains(&of_thousand), "{of_thousand}");
    let sparse = made(Kind::Sparse, 1);
    let attempts = count(&sparse, &["WSCONNECTING"]);
    let thousands = sparse.lines().count() / 1000;
    assert!((1..=3 * thousands).contains(&attempts), "{attempts}");
    let tracebacks = count(&made(Kind::Traceback, 1), &tracebacks);
    let records = count(&made(Kind::Traceback, 1), &["[2026-", "/Nov/2026:"]);
    let of_thousand = tracebacks * 1000 / records;
    assert!((250..=350).contains(&of_thousand), "{of_thousand}");
    let json = made(Kind::Json, 1);
    assert!(json.lines().all(|line| {
        serde_json::from_str::<serde_json::Value>(line).is_ok_and(|line| line["event"].is_string())
    }));
    let open = made(Kind::Open, 1);
    assert!(count(&open, &["WSCONNECT "]) > 100 && !open.contains("WSDISCONNECT"));
}

#[test]
fn time_goes_on_within_a_log() {
    for kind in [Kind::Sparse, Kind::Dense, Kind::Traceback, Kind::Open] {
        let log = made(kind, 7);
        let stamps = log
            .lines()
            .filter_map(|line| line.strip_prefix("[2026-")?.get(..18));
        let stamps: Vec<&str> = stamps.collect();
        assert!(stamps.len() > 500 && stamps.is_sorted(), "{kind:?}");
    }
}
