//! The report for a person at a terminal: the verdict first, then what proves it, then what to do.
//!
//! The order on the screen is the order here; each block has a file. Nothing asks the terminal
//! anything, and nothing is decided: the words are those of the diagnosis.

mod causes;
mod checks;
mod closing;
mod headline;
mod page;
mod stages;

pub(super) use headline::percent;

use super::Options;
use super::escape;
use super::texts::{self, Origin};
use crate::diagnosis::Diagnosis;
use page::Page;

/// The report, redacted by the caller, for a window of `options.width` columns (at least 20).
#[must_use]
pub fn render(diagnosis: &Diagnosis, options: &Options) -> String {
    let diagnosis = escaped(diagnosis);
    let mut page = Page::new(options.width);
    headline::overview(&mut page, &diagnosis);
    for incident in &diagnosis.incidents {
        headline::incident(&mut page, incident);
        stages::show(&mut page, incident, options.verbose);
        causes::show(&mut page, incident, options.verbose);
        checks::of_incident(&mut page, incident, options.verbose);
        page.gap();
    }
    headline::healthy(&mut page, &diagnosis);
    checks::collect(&mut page, &diagnosis.collect);
    checks::checklist(&mut page, &diagnosis.checklist, options.verbose);
    closing::show(&mut page, &diagnosis, options.verbose);
    page.finish(options.colour)
}

/// The diagnosis with nothing in it that a terminal would obey. Only our own texts keep their lines.
fn escaped(diagnosis: &Diagnosis) -> Diagnosis {
    let mut copy = diagnosis.clone();
    texts::each(&mut copy, &mut |origin, text| {
        *text = match origin {
            Origin::Rule => escape::visible_lines(text),
            Origin::Log | Origin::Name => escape::visible(text),
        };
    });
    copy
}

#[cfg(test)]
mod tests;
