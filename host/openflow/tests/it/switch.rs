//! Open vSwitch's two processes with one bridge of dummy ports, in a folder of their own. They end with the test.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use openflow::Connection;
use tempfile::TempDir;
use tokio::time::Instant;

/// Where `make lab` unpacks the programs that a machine may not have.
const LAB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lab");

pub(crate) struct Switch {
    dir: TempDir,
    database: Child,
    daemon: Option<Child>,
}

impl Switch {
    /// A bridge `br` with the ports `p1` and `p2`, numbered so.
    pub(crate) fn start() -> Self {
        let dir = TempDir::new().unwrap();
        let schema = format!("{LAB}/debian12/usr/share/openvswitch/vswitch.ovsschema");
        let schema =
            ["/usr/share/openvswitch/vswitch.ovsschema", &schema].into_iter().find(|it| Path::new(it).exists());
        let schema = schema.expect("Open vSwitch is not here: run `make lab`");
        let path = |file: &str| dir.path().join(file).display().to_string();
        run(command("ovsdb-tool", dir.path()).args(["create", &path("conf.db"), schema]));
        let remote = format!("--remote=punix:{}", path("db.sock"));
        let control = format!("--unixctl={}", path("db.ctl"));
        let database = command("ovsdb-server", dir.path()).args([&path("conf.db"), &remote, &control]).spawn().unwrap();
        await_socket(&dir.path().join("db.sock"));
        let mut switch = Self { dir, database, daemon: None };
        switch.vsctl("--no-wait init");
        switch.start_daemon();
        switch.vsctl("add-br br -- set Bridge br datapath_type=dummy fail_mode=secure");
        for port in ["p1", "p2"] {
            let number = &port[1..];
            switch.vsctl(&format!("add-port br {port} -- set Interface {port} type=dummy ofport_request={number}"));
        }
        switch
    }

    pub(crate) fn start_daemon(&mut self) {
        let remote = format!("unix:{}", self.path("db.sock").display());
        let control = format!("--unixctl={}", self.path("daemon.ctl").display());
        let mut daemon = command("ovs-vswitchd", self.dir.path());
        self.daemon = Some(daemon.args(["--enable-dummy", &remote, &control]).spawn().unwrap());
        await_socket(&self.path("daemon.ctl"));
    }

    /// As by `kill -9`.
    pub(crate) fn kill_daemon(&mut self) {
        self.daemon.take().into_iter().for_each(kill);
        let _ = std::fs::remove_file(self.path("daemon.ctl"));
        let _ = std::fs::remove_file(self.socket());
    }

    /// The bridge's management socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.path("br.mgmt")
    }

    pub(crate) async fn connect(&self) -> Connection {
        Connection::open(&self.socket(), soon()).await.unwrap()
    }

    /// `ovs-vsctl`, with its words separated by spaces.
    pub(crate) fn vsctl(&self, line: &str) -> String {
        let remote = format!("--db=unix:{}", self.path("db.sock").display());
        run(command("ovs-vsctl", self.dir.path()).arg(remote).args(["-t", "10"]).args(line.split(' ')))
    }

    /// `ovs-ofctl` for the bridge, which reads the same things another way.
    pub(crate) fn ofctl(&self, line: &str) -> String {
        let mut words = line.split(' ');
        let mut ofctl = command("ovs-ofctl", self.dir.path());
        run(ofctl.args(["-OOpenFlow13"]).args(words.next()).arg("br").args(words))
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        self.daemon.take().into_iter().for_each(kill);
        self.database.kill().unwrap();
        self.database.wait().unwrap();
    }
}

pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

/// Waits until something is so.
pub(crate) fn until(what: &str, so: impl Fn() -> bool) {
    let end = std::time::Instant::now() + Duration::from_secs(10);
    while !so() {
        assert!(std::time::Instant::now() < end, "{what} does not come true");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn await_socket(path: &Path) {
    until("a program of Open vSwitch listens (is it here? else run `make lab`)", || UnixStream::connect(path).is_ok());
}

fn command(program: &str, dir: &Path) -> Command {
    // The kernel ends it with the thread that it was started by, whatever ends that.
    let mut command = Command::new("setpriv");
    let path = format!("{}:/usr/sbin:/sbin:{LAB}/bin", std::env::var("PATH").unwrap_or_default());
    command.args(["--pdeathsig", "KILL", program]).env("PATH", path);
    for variable in ["OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"] {
        command.env(variable, dir);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn run(command: &mut Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}: is Open vSwitch here? else run `make lab`");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn kill(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}
