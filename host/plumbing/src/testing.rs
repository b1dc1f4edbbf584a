//! Where tests find the programs and files that a machine may not have.

use std::path::Path;
use std::process::{Command, Stdio};

/// Where `make lab` unpacks them.
const LAB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lab");

/// `PATH` with the lab's programs at its end.
pub(crate) fn search_path() -> String {
    format!("{}:/usr/sbin:/sbin:{LAB}/bin", std::env::var("PATH").unwrap_or_default())
}

/// A file below `/usr/share`, of the machine or of the lab.
pub(crate) fn shared_file(name: &str) -> String {
    let folders = ["/usr/share".to_owned(), format!("{LAB}/debian12/usr/share")];
    let found = folders.iter().map(|folder| format!("{folder}/{name}")).find(|path| Path::new(path).exists());
    found.unwrap_or_else(|| panic!("{name} is in none of {folders:?}: run `make lab`"))
}

/// A program of Open vSwitch, OVN or the lab. The kernel ends it with the thread that it was started by, whatever ends
/// that.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", name]).env("PATH", search_path()).stdin(Stdio::null());
    command
}
