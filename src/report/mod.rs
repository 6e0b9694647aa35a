//! The diagnosis as text: for a terminal, for an issue (Markdown), for programs (JSON).
//!
//! Renderers print what [`crate::diagnosis`] found, and decide nothing. Every text passes the same
//! two gates first, in this order: [`redact`] takes the private parts out, [`escape`] makes visible
//! what a terminal or a Markdown renderer would obey. Nothing here reads the clock, the environment
//! or the terminal: width and colour are handed in.

pub mod escape;
mod explanation;
mod names;
pub mod json;
pub mod markdown;
pub mod redact;
pub mod terminal;
mod texts;

#[cfg(test)]
mod sample;

pub use explanation::{explain_cause, explain_for_logs};

use crate::diagnosis::Diagnosis;
use redact::Redactor;
use std::borrow::Cow;

/// What the report is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A person at a terminal.
    Terminal,
    /// An issue or a chat that renders GitHub's Markdown.
    Markdown,
    /// Another program: the versioned document of [`json`].
    Json,
}

/// How to render; the caller has asked the terminal and the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Columns of the terminal. Below 20 the lines are cut for 20.
    pub width: usize,
    /// Whether to colour; terminal only.
    pub colour: bool,
    /// Everything instead of the first screen; terminal only.
    pub verbose: bool,
    /// Whether to replace private values by pseudonyms. Only `--no-redact` says no.
    pub redact: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
            verbose: false,
            redact: true,
        }
    }
}

/// Does what every report needs and no diagnosis has a say in, so that there is time for it while logs are read.
pub fn make_ready() {
    redact::make_ready();
}

/// The whole report, ending in a line break.
#[must_use]
pub fn render(diagnosis: &Diagnosis, format: Format, options: &Options) -> String {
    let shown = if options.redact {
        Cow::Owned(Redactor::of(diagnosis).diagnosis(diagnosis))
    } else {
        Cow::Borrowed(diagnosis)
    };
    match format {
        Format::Terminal => terminal::render(&names::shortened(shown.into_owned()), options),
        Format::Markdown => markdown::render(&names::shortened(shown.into_owned())),
        Format::Json => json::render(&shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [Format; 3] = [Format::Terminal, Format::Markdown, Format::Json];

    /// The sample with private values in every text that comes from a log.
    fn private() -> Diagnosis {
        let mut diagnosis = sample::token_expired();
        texts::each(&mut diagnosis, &mut |origin, text| {
            if origin == texts::Origin::Log {
                text.push_str(
                    " user: maria, password='hunter2', ?sessionid=s3ss10n99 maria@example.org",
                );
            }
        });
        diagnosis
    }

    #[test]
    fn no_format_shows_what_is_private() {
        for format in FORMATS {
            let options = Options {
                width: 200,
                verbose: true,
                ..Options::default()
            };
            let shown = render(&private(), format, &options);
            for secret in ["maria", "hunter2", "s3ss10n99", "eyJhbGci", "c2lnbmF0"] {
                assert!(!shown.contains(secret), "{secret} in {format:?}: {shown}");
            }
            assert!(shown.contains("<user-1>") && shown.ends_with('\n'));
        }
    }

    #[test]
    fn redaction_is_off_only_when_asked() {
        for format in FORMATS {
            let options = Options {
                width: 200,
                redact: false,
                ..Options::default()
            };
            assert!(
                render(&private(), format, &options).contains("maria"),
                "{format:?}"
            );
        }
    }

    #[test]
    fn the_same_diagnosis_gives_the_same_report() {
        for format in FORMATS {
            let once = render(&private(), format, &Options::default());
            assert_eq!(once, render(&private(), format, &Options::default()));
        }
    }
}
