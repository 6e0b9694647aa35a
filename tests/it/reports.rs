//! What a person sees: five recordings in the three formats, word for word.
//!
//! After a change that is meant: `cargo insta review`, or `INSTA_UPDATE=always` and read the diff.

use super::material::recording;
use super::program::{FORMATS, run_in};

/// Snapshots the report on a recording in every format, run in its folder as a user would.
fn check(name: &str) {
    let case = recording(name);
    for format in FORMATS {
        let mut command = run_in(&case.folder);
        command.args(["--format", format]).args(&case.label.files);
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{name}.{format}"), text);
        });
    }
}

#[test]
fn a_cause_that_the_log_states() {
    check("token-expired-chromium");
}

#[test]
fn a_cause_that_follows_from_silence() {
    check("middleware-swallowed-terse-chromium");
}

#[test]
fn a_route_that_fails_beside_one_that_works() {
    check("chat-works-dashboard-fails");
}

#[test]
fn a_connection_that_works() {
    check("healthy-dashboard-chromium");
}

#[test]
fn too_little_to_tell() {
    check("insufficient-only-readystate");
}
