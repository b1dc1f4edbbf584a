//! Runs a program that is there to be asked, with a deadline.

use std::io;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// How long a program may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a program gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// It is not installed.
    Missing,
    /// It failed; what it said.
    Failed(String),
}

/// What a program prints.
pub(super) async fn ask(program: &str, arguments: &[&str]) -> Result<String, NoAnswer> {
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    match timeout(PATIENCE, command.output()).await {
        Err(_) => Err(NoAnswer::Failed(format!("{program} did not answer within {} s", PATIENCE.as_secs()))),
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => Err(NoAnswer::Missing),
        Ok(Err(error)) => Err(NoAnswer::Failed(error.to_string())),
        Ok(Ok(output)) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(Ok(output)) => Err(NoAnswer::Failed(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}
