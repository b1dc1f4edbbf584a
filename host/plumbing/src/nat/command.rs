//! Runs the commands of the firewall: `nft`, which has no library without C, and `iptables`, for the rules next to
//! Docker's.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::FirewallError;
use super::own::Own;

/// A transaction takes milliseconds; iptables may wait for the lock of others.
const LONGEST: Duration = Duration::from_secs(10);

/// The commands found in a search path. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Commands {
    path: OsString,
    own: Arc<Own>,
}

impl Commands {
    /// Commands of a search path, and of the folders where administrators' commands are.
    pub(super) fn new(path: Option<OsString>, own: Arc<Own>) -> Self {
        let mut path = path.unwrap_or_default();
        path.push(":/usr/sbin:/sbin:/usr/bin:/bin");
        Self { path, own }
    }

    /// Where a command is.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path).map(|folder| folder.join(name)).find(|file| file.is_file())
    }

    /// Runs a command with some input; what it printed. By its whole path: with a bare name and a search path of our own,
    /// the standard library copies our whole address space for a moment (`fork` for `posix_spawn`).
    pub(super) async fn run(&self, line: &[&str], input: &str) -> Result<String, FirewallError> {
        let command = line.join(" ");
        let failed = |source| FirewallError::Run { command: command.clone(), source };
        let program = self.find(line[0]).ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
        let mut child = Command::new(program)
            .args(&line[1..])
            .env_clear()
            .env("PATH", &self.path)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        self.own.note(child.id());
        let mut stdin = child.stdin.take();
        let work = async {
            if let Some(stdin) = &mut stdin {
                stdin.write_all(input.as_bytes()).await?;
            }
            drop(stdin);
            child.wait_with_output().await
        };
        let late = |_| failed(io::ErrorKind::TimedOut.into());
        let output = tokio::time::timeout(LONGEST, work).await.map_err(late)?.map_err(failed)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(FirewallError::Failed { command, message })
    }
}
