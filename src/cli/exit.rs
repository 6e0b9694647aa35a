//! The exit status, and the ways to it.

use super::output;
use std::io;
use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing failing was found, or the command did what it was asked.
    Fine,
    /// Failures were diagnosed, or rules have problems.
    Failing,
    /// The usage or the input was wrong; nothing was diagnosed.
    Unusable,
    /// The input cannot tell.
    Insufficient,
}

impl Exit {
    /// The status as a number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failing => 1,
            Self::Unusable => 2,
            Self::Insufficient => 3,
        }
    }

    /// The status, or 0 for every result where scripts asked for that; an error stays one.
    pub(crate) fn code(self, exit_zero: bool) -> ExitCode {
        if exit_zero && self != Self::Unusable {
            return ExitCode::SUCCESS;
        }
        ExitCode::from(self.number())
    }
}

/// Help and version are no errors and go to standard output; the rest does not.
pub(crate) fn of_usage(error: &clap::Error) -> ExitCode {
    // A closed pipe behind `--help | head` is no reason to complain.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Unusable.code(false)
    } else {
        ExitCode::SUCCESS
    }
}

/// Says what went wrong. A reader that went away (`| head`) is not an error.
pub(crate) fn of_error(error: &anyhow::Error) -> ExitCode {
    let closed_pipe = error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if closed_pipe {
        return ExitCode::SUCCESS;
    }
    output::complain(&format!("{error:#}"));
    Exit::Unusable.code(false)
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_numbers_are_public() {
        let all = [
            Exit::Fine,
            Exit::Failing,
            Exit::Unusable,
            Exit::Insufficient,
        ];
        assert_eq!(all.map(Exit::number), [0, 1, 2, 3]);
    }
}
