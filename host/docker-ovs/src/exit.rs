//! How commands end when they do not end well: a message and a code, those of `sysexits.h`.

use std::fmt;
use std::process::ExitCode;

use admin::ClientError;
use policy::ModeError;

use crate::config::Problems;

/// Bad arguments or configuration.
pub(crate) const USAGE: u8 = 64;
/// A mode or the guard said no, or Docker still has what was to go.
pub(crate) const REFUSED: u8 = 65;
/// No such network, endpoint or mode.
pub(crate) const NOT_FOUND: u8 = 66;
/// A service is needed that is not there.
pub(crate) const UNAVAILABLE: u8 = 69;
/// Root is needed.
pub(crate) const NOT_PERMITTED: u8 = 77;
/// Something unexpected.
pub(crate) const INTERNAL: u8 = 70;
/// A check found something to mend, or a mode does not do what is expected of it.
pub(crate) const UNFIT: u8 = 1;
/// Two modules are not one.
pub(crate) const DIFFERENT: u8 = 1;
/// A mode's project, its manifest or a fixture is wrong.
pub(crate) const WRONG: u8 = 2;
/// A module broke: a trap, a limit, an answer that cannot be read.
pub(crate) const BROKEN: u8 = 3;
/// A module gives two answers to one question.
pub(crate) const UNSTEADY: u8 = 4;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    error: anyhow::Error,
}

impl Failure {
    pub(crate) fn new(code: u8, error: impl Into<anyhow::Error>) -> Self {
        Self { code, error: error.into() }
    }

    /// In words only.
    pub(crate) fn say(code: u8, message: impl fmt::Display) -> Self {
        Self { code, error: anyhow::anyhow!("{message}") }
    }

    /// Tells the user, and what to exit with.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("docker-ovs: {self}");
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    /// The error with its causes, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::new(USAGE, problems)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::new(error.exit_code(), error)
    }
}

impl From<ModeError> for Failure {
    fn from(error: ModeError) -> Self {
        let code = match error {
            ModeError::Unknown { .. } | ModeError::Gone(_) => NOT_FOUND,
            ModeError::Unusable { .. } => REFUSED,
        };
        Self::new(code, error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(INTERNAL, error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(INTERNAL, error)
    }
}
