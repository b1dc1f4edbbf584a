//! A driver of the program, with everything of its own in a directory and a network namespace, without an Open vSwitch.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::run::{Ended, KEPT, command, ended};

/// How long anything may take here: long, since this machine may have other things to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What calls of Docker's have to wait for an Open vSwitch that never comes.
const CALL: &str = "limits.call = \"4s\"\n";

/// What they have that are answered before that, in which modules may be compiled on a busy machine.
pub(crate) const LONG_CALL: &str = "limits.call = \"120s\"\n";

/// A driver with everything of its own in a directory.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.configure("");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes the configuration, with `more` at its end.
    pub(crate) fn configure(&self, more: &str) {
        self.configure_with("modes.d", more);
    }

    /// The same with another directory of modules.
    pub(crate) fn configure_with(&self, modes: &str, more: &str) {
        let at = self.0.path().display();
        let call = if more.contains("limits.call") { "" } else { CALL };
        let text = format!(
            "socket = \"{at}/run/ovs.sock\"\nadmin_socket = \"{at}/admin.sock\"\nstate_dir = \"{at}/state\"\n\
             cache_dir = \"{KEPT}\"\nmode_dir = \"{at}/{modes}\"\ngrants_dir = \"{at}/grants.d\"\n\
             ovsdb = \"unix:{at}/db.sock\"\n{call}{more}"
        );
        fs::write(self.path("config.toml"), text).unwrap();
    }

    /// The program below `unshare`, with what it runs (`nft`) from the lab where the machine has none.
    pub(crate) fn command(&self) -> Command {
        let program = command(&[]);
        let lab = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lab/bin");
        let mut command = Command::new("unshare");
        command.arg("--net").arg(program.get_program()).args(["serve", "--config"]).arg(self.path("config.toml"));
        command.env("PATH", format!("{}:/usr/sbin:/sbin:{lab}", std::env::var("PATH").unwrap_or_default()));
        command.stdout(Stdio::null()).stderr(fs::File::create(self.path("log")).unwrap());
        command
    }

    pub(crate) fn start(&self) -> Server<'_> {
        let server = Server { place: self, child: self.command().spawn().unwrap() };
        server.until(|| self.said("docker-ovs serves"));
        server
    }

    pub(crate) fn said(&self, words: &str) -> bool {
        fs::read_to_string(self.path("log")).unwrap().contains(words)
    }

    /// Sends a call of Docker's and returns the answer's body.
    pub(crate) fn call(&self, method: &str, body: &str) -> String {
        ask(&self.path("run/ovs.sock"), method, body)
    }
}

pub(crate) fn ask(socket: &Path, method: &str, body: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "POST /{method} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// A running driver; it ends with the test, however that ends.
pub(crate) struct Server<'a> {
    pub(crate) place: &'a Place,
    pub(crate) child: Child,
}

impl Server<'_> {
    pub(crate) fn until(&self, condition: impl Fn() -> bool) {
        let started = Instant::now();
        while !condition() {
            let log = fs::read_to_string(self.place.path("log")).unwrap();
            assert!(started.elapsed() < PATIENCE, "it never came true; the driver said:\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Asks it to end, and returns with what it did.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.signal("TERM");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command about what is in the place.
pub(crate) fn command_of(place: &Place, arguments: &[&str]) -> Command {
    let mut command = command(&[&["--config", place.path("config.toml").to_str().unwrap()], arguments].concat());
    for directory in ["MODE_DIR", "GRANTS_DIR", "CACHE_DIR"] {
        command.env_remove(format!("DOCKER_OVS_{directory}"));
    }
    command
}

pub(crate) fn client(place: &Place, arguments: &[&str]) -> Ended {
    ended(&command_of(place, arguments).output().unwrap())
}
