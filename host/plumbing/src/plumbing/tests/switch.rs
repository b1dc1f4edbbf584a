//! Open vSwitch's two processes, with everything they write in a folder of their own. They end with the test.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::testing::{self, shared_file};

pub(super) struct Switch {
    dir: TempDir,
    database: Option<Child>,
    daemon: Option<Child>,
}

impl Switch {
    /// A switch that has never run.
    pub(super) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let schema = shared_file("openvswitch/vswitch.ovsschema");
        let switch = Self { dir, database: None, daemon: None };
        run(switch.command("ovsdb-tool").args(["create", &switch.path("conf.db"), &schema]));
        switch
    }

    pub(super) fn path(&self, file: &str) -> String {
        self.dir.path().join(file).display().to_string()
    }

    /// Where its database listens.
    pub(super) fn remote(&self) -> String {
        format!("unix:{}", self.path("db.sock"))
    }

    pub(super) fn start_database(&mut self) {
        let (remote, control) = (format!("--remote=p{}", self.remote()), format!("--unixctl={}", self.path("db.ctl")));
        let mut command = self.command("ovsdb-server");
        command.args([&self.path("conf.db"), &remote, &control]);
        self.database = Some(command.spawn().unwrap());
        await_socket(&self.path("db.sock"));
        self.vsctl("--no-wait init");
    }

    pub(super) fn start_daemon(&mut self) {
        let (log, control) =
            (format!("--log-file={}", self.path("daemon.log")), format!("--unixctl={}", self.path("daemon.ctl")));
        let mut command = self.command("ovs-vswitchd");
        command.args([&self.remote(), &log, &control]);
        self.daemon = Some(command.spawn().unwrap());
        await_socket(&self.path("daemon.ctl"));
    }

    /// As by `kill -9`.
    pub(super) fn kill_database(&mut self) {
        kill(self.database.take());
        let _ = std::fs::remove_file(self.path("db.sock"));
    }

    /// As by `kill -9`.
    pub(super) fn kill_daemon(&mut self) {
        kill(self.daemon.take());
        let _ = std::fs::remove_file(self.path("daemon.ctl"));
    }

    /// `ovs-vsctl`, with its words separated by spaces; what it printed.
    pub(super) fn vsctl(&self, line: &str) -> String {
        run(self.command("ovs-vsctl").arg(format!("--db={}", self.remote())).args(["-t", "10"]).args(line.split(' ')))
    }

    /// What ovs-vswitchd would do with a frame.
    pub(super) fn trace(&self, bridge: &str, frame: &str) -> String {
        let control = self.path("daemon.ctl");
        run(self.command("ovs-appctl").arg("-t").arg(control).args(["ofproto/trace", bridge, frame]))
    }

    /// A program of Open vSwitch's or of the lab.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = testing::program(program);
        for variable in ["OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR", "OVN_RUNDIR"] {
            command.env(variable, self.dir.path());
        }
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        kill(self.daemon.take());
        kill(self.database.take());
    }
}

pub(super) fn run(command: &mut Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}: is Open vSwitch here? else run `make lab`");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn kill(process: Option<Child>) {
    if let Some(mut process) = process {
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

fn await_socket(path: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while UnixStream::connect(path).is_err() {
        assert!(Instant::now() < end, "nobody listens at {path}: is Open vSwitch here? else run `make lab`");
        std::thread::sleep(Duration::from_millis(5));
    }
}
