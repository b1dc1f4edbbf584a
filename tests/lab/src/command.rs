//! Running commands: each is echoed, has a deadline, and says all it knows when it fails.

use std::fmt;
use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How much slower than usual this machine is: `LAB_SLOW`, a factor on every deadline of the lab.
pub(crate) fn slowness() -> u32 {
    std::env::var("LAB_SLOW").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Long enough for anything that is going to happen, on a machine that has other things to do: for a wait that ends when it
/// has happened.
pub const LONG: Duration = Duration::from_secs(120);

/// What a deadline that is `normal` is here.
pub(crate) fn patience(normal: Duration) -> Duration {
    normal * slowness()
}

/// A command that did not end well.
#[derive(Debug)]
pub struct Failed {
    /// Where it ran and what it was.
    pub command: String,
    /// Its exit status; 124 if it ran out of time.
    pub status: String,
    /// What it printed, standard output first.
    pub output: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ended with {}:\n{}", self.command, self.status, self.output)
    }
}

/// Tells who watches what happens; `LAB_QUIET` turns it off.
pub(crate) fn echo(text: &str) {
    if std::env::var_os("LAB_QUIET").is_none() {
        eprintln!("{text}");
    }
}

/// Ends what an nsenter waits for, by `signal`, and so the nsenter. Of a process whose nsenter is gone only the machine's
/// first process takes note, when it comes to it, and a node ends no sooner.
pub(crate) fn end(nsenter: &mut Child, signal: &str) {
    let id = nsenter.id().to_string();
    let entered = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    // It may not have begun, or be over.
    let first = Some(entered.trim()).filter(|entered| !entered.is_empty()).unwrap_or(&id);
    // If what it waits for was stopped, it was, too.
    for (signal, process) in [(signal, first), ("CONT", first), ("CONT", &id)] {
        let _ = Command::new("kill").args(["-s", signal, process]).stderr(Stdio::null()).status();
    }
    let _ = nsenter.wait();
}

/// Runs `command`, known to the reader as `name`, and gives its standard output without the last line's end.
pub(crate) fn run(name: &str, command: &mut Command) -> Result<String, Failed> {
    let started = Instant::now();
    let output = command.output().unwrap_or_else(|error| panic!("lab: cannot start `{name}`: {error}"));
    echo(&format!("[{:5.2} s] {name}", started.elapsed().as_secs_f32()));
    judge(name, &output)
}

/// What became of a command: its standard output, or why not.
pub(crate) fn judge(name: &str, output: &Output) -> Result<String, Failed> {
    let stdout = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    if output.status.success() {
        return Ok(stdout);
    }
    let output_text = [stdout, stderr].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    Err(Failed { command: name.to_owned(), status: output.status.to_string(), output: output_text })
}
