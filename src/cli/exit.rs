//! The exit status, and the ways to it.

use super::output;
use std::env;
use std::ffi::OsStr;
use std::process::ExitCode;
use wswhy::report::escape::visible;

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
    if error.use_stderr() {
        if env::args_os().any(|argument| is_steering(&argument)) {
            // A file's name that looks like an option is somebody else's text.
            output::complain(&error.render().to_string());
        } else {
            // There is nowhere left to report that standard error is closed.
            let _ = error.print();
        }
        return Exit::Unusable.code(false);
    }
    let printed = error.print();
    match output::settled(printed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => of_error(&error),
    }
}

fn is_steering(argument: &OsStr) -> bool {
    argument
        .to_str()
        .is_none_or(|argument| visible(argument) != argument)
}

/// Says what went wrong.
pub(crate) fn of_error(error: &anyhow::Error) -> ExitCode {
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
