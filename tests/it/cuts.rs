//! Logs that begin late or end early, as `tail` and a paste give them: less evidence may mean less
//! certainty, and not another certainty.

use super::material::{Material, RULES, cases};
use super::recordings::is_nearly_certain;
use rayon::prelude::*;
use wswhy::diagnosis::diagnose;
use wswhy::input::from_text;
use wswhy::score::{Answer, Case};

/// Which part of the server's log is left.
#[derive(Debug, Clone, Copy)]
enum Left {
    /// What stands before the cut.
    Head,
    /// What stands behind it.
    Tail,
}

/// What the program says when the server's log is cut after so many tenths of its lines.
fn answer(case: &Case, tenths: usize, left: Left) -> Answer {
    let mut sources = Vec::new();
    for (file, text) in case.label.files.iter().zip(case.texts()) {
        let lines: Vec<&str> = text.lines().collect();
        let cut = lines.len() * tenths / 10;
        let kept = match left {
            _ if file.as_os_str() != "server.log" => &lines[..],
            Left::Head => &lines[..cut],
            Left::Tail => &lines[cut..],
        };
        sources.extend(from_text(&file.to_string_lossy(), &kept.join("\n")));
    }
    Answer::of(&diagnose(&sources, &RULES, &[]))
}

#[test]
fn a_cut_log_seldom_gives_another_certainty() {
    let cuts: Vec<(String, bool)> = cases("recordings")
        .par_iter()
        .filter(|case| case.label.cause.is_some())
        .flat_map_iter(|case| {
            let places = [2, 4, 6, 8].into_iter();
            places.flat_map(move |tenths| {
                [Left::Head, Left::Tail].into_iter().map(move |left| {
                    let answer = answer(case, tenths, left);
                    let is_wrong = !answer.has_right_cause(case);
                    let name = format!("{} {left:?} {tenths}/10", case.name);
                    (is_nearly_certain(&answer), name, is_wrong)
                })
            })
        })
        .filter(|(is_certain, _, _)| *is_certain)
        .map(|(_, name, is_wrong)| (name, is_wrong))
        .collect();
    let wrong: Vec<&str> = cuts
        .iter()
        .filter(|(_, is_wrong)| *is_wrong)
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(cuts.len() > 300, "enough is left to judge: {}", cuts.len());
    assert!(
        wrong.len() * 20 <= cuts.len(),
        "{} of {} confident causes are wrong:\n{}",
        wrong.len(),
        cuts.len(),
        wrong.join("\n")
    );
}
