//! How far a record's traceback has come, line by line.
//!
//! Whether a line belongs to the record is decided by [`super::fold`].

use super::continuation::is_closing;
use super::trace_line::{TraceKind, TraceLine, is_exception_class};

/// How far the traceback of a group has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is none.
    Outside,
    /// Behind a header or among frames; code may follow.
    Frames,
    /// Directly behind a frame: its code follows.
    Code,
    /// Behind the words that join two exceptions.
    Chained,
    /// Behind an exception.
    Ended,
}

/// The phase after one more line.
pub(super) fn phase_after(line: &TraceLine<'_>, before: Phase) -> Phase {
    match line.kind {
        TraceKind::Header | TraceKind::Failure { .. } | TraceKind::CutFrame => Phase::Frames,
        TraceKind::Frame(_) => Phase::Code,
        TraceKind::Chain => Phase::Chained,
        TraceKind::Exception { class, .. }
            if before != Phase::Outside || is_exception_class(class) =>
        {
            Phase::Ended
        }
        TraceKind::Other | TraceKind::Marker if before == Phase::Code => Phase::Frames,
        TraceKind::Other if is_closing(line.text) && before == Phase::Frames => Phase::Ended,
        _ => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_through_a_traceback() {
        let mut phase = Phase::Outside;
        let mut seen = Vec::new();
        for line in [
            "Traceback (most recent call last):",
            "  File \"a.py\", line 1, in f",
            "    x",
            "KeyError: 'user'",
            "During handling of the above exception, another exception occurred:",
        ] {
            phase = phase_after(&TraceLine::of(line), phase);
            seen.push(phase);
        }
        let expected = [
            Phase::Frames,
            Phase::Code,
            Phase::Frames,
            Phase::Ended,
            Phase::Chained,
        ];
        assert_eq!(seen, expected);
    }
}
