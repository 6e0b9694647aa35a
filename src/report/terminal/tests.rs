//! What the terminal report looks like, at every width.

use super::*;
use crate::report::sample;
use crate::report::{Format, render as render_any};
use unicode_width::UnicodeWidthStr;

fn shown(diagnosis: &Diagnosis, width: usize, verbose: bool) -> String {
    let options = Options {
        width,
        verbose,
        ..Options::default()
    };
    render_any(diagnosis, Format::Terminal, &options)
}

#[test]
fn an_expired_token_at_80_columns() {
    insta::assert_snapshot!(shown(&sample::token_expired(), 80, false));
}

#[test]
fn an_expired_token_verbose() {
    insta::assert_snapshot!(shown(&sample::token_expired(), 100, true));
}

#[test]
fn an_expired_token_at_40_columns() {
    insta::assert_snapshot!(shown(&sample::token_expired(), 40, false));
}

#[test]
fn too_little_evidence_at_80_columns() {
    insta::assert_snapshot!(shown(&sample::insufficient(), 80, false));
}

#[test]
fn hostile_text_at_80_columns() {
    insta::assert_snapshot!(shown(&sample::hostile(), 80, false));
}

#[test]
fn several_routes_at_80_columns() {
    let mut diagnosis = sample::token_expired();
    let mut second = diagnosis.incidents[0].clone();
    second.route = Some("/ws/fleet/vehicles/positions/".to_owned());
    second.attempts_failed = 1;
    second.causes.truncate(1);
    second.none_of_these = 0.4;
    second.causes[0].confidence = 0.6;
    diagnosis.incidents.push(second);
    diagnosis
        .healthy_routes
        .push(crate::diagnosis::HealthyRoute {
            route: "/ws/notifications/".into(),
            attempts: 1,
        });
    insta::assert_snapshot!(shown(&diagnosis, 80, false));
}

/// Nothing but healthy routes, and nothing at all.
fn without_incidents(outcome: crate::diagnosis::Outcome) -> Diagnosis {
    let mut diagnosis = sample::token_expired();
    diagnosis.outcome = outcome;
    diagnosis.incidents.clear();
    diagnosis
}

#[test]
fn only_healthy_routes_at_80_columns() {
    let diagnosis = without_incidents(crate::diagnosis::Outcome::Healthy);
    insta::assert_snapshot!(shown(&diagnosis, 80, false));
}

#[test]
fn nothing_to_tell_at_80_columns() {
    let mut diagnosis = without_incidents(crate::diagnosis::Outcome::InsufficientEvidence);
    diagnosis.healthy_routes.clear();
    diagnosis.checklist.clear();
    diagnosis.unrecognised.clear();
    diagnosis.collect = sample::insufficient().collect;
    insta::assert_snapshot!(shown(&diagnosis, 80, false));
}

#[test]
fn no_line_is_wider_than_the_window() {
    for mut diagnosis in [
        sample::token_expired(),
        sample::insufficient(),
        sample::hostile(),
        without_incidents(crate::diagnosis::Outcome::Healthy),
        without_incidents(crate::diagnosis::Outcome::InsufficientEvidence),
    ] {
        // A word of a command stays whole, or it could not be pasted.
        for incident in &mut diagnosis.incidents {
            for check in &mut incident.next_checks {
                check.command = None;
            }
        }
        for width in 20..=120 {
            for verbose in [false, true] {
                let shown = shown(&diagnosis, width, verbose);
                for line in shown.lines() {
                    assert!(line.width() <= width, "{width}: {line:?}");
                }
            }
        }
    }
}

#[test]
fn nothing_reaches_the_terminal_that_steers_it() {
    for verbose in [false, true] {
        let shown = shown(&sample::hostile(), 80, verbose);
        let steering: Vec<char> = shown
            .chars()
            .filter(|c| c.is_control() && *c != '\n' || crate::report::escape::steers(*c))
            .collect();
        assert!(steering.is_empty(), "{steering:?}");
    }
}

#[test]
fn colour_changes_no_character() {
    let plain = shown(&sample::token_expired(), 80, false);
    let options = Options {
        colour: true,
        ..Options::default()
    };
    let coloured = render_any(&sample::token_expired(), Format::Terminal, &options);
    let stripped = regex::Regex::new("\u{1b}\\[[0-9;]*m")
        .unwrap()
        .replace_all(&coloured, "")
        .into_owned();
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_eq!(trimmed, plain.lines().collect::<Vec<_>>());
    assert_ne!(coloured, plain);
}
