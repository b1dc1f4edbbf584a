//! A real ovsdb-server in a temporary folder.

use ovsdb::{Options, Remote, TlsFiles};
use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// An ovsdb-server; dropping it ends the process and removes the folder.
pub(crate) struct Server {
    folder: TempDir,
    arguments: Vec<OsString>,
    process: Option<Child>,
}

impl Server {
    /// A server with a fresh database of this schema, reached by a unix socket.
    pub(crate) fn with_schema(schema: &str) -> Self {
        let mut server = Server::without_database();
        server.create_database(schema);
        server.run(&[]);
        server
    }

    /// A folder for a server that has no database yet and does not run.
    pub(crate) fn without_database() -> Self {
        let folder = tempfile::Builder::new().prefix("ovsdb-test-").tempdir().unwrap();
        Server { folder, arguments: Vec::new(), process: None }
    }

    /// Makes the database anew; the server must not run.
    pub(crate) fn create_database(&mut self, schema: &str) {
        let schema_file = self.path("schema");
        std::fs::write(&schema_file, schema).unwrap();
        let _ = std::fs::remove_file(self.path("db"));
        tool(&["create".as_ref(), self.path("db").as_os_str(), schema_file.as_os_str()]);
    }

    /// Three servers, with a database of this schema that they agree on.
    pub(crate) fn cluster(schema: &str) -> Vec<Self> {
        let mut servers: Vec<Server> = (0..3).map(|_| Server::without_database()).collect();
        let (first, others) = servers.split_first_mut().unwrap();
        first.create_member(schema, None);
        others.iter_mut().for_each(|server| server.create_member(schema, Some(first)));
        servers
    }

    /// Makes a database of this schema that begins a cluster, or joins the one of another server.
    fn create_member(&mut self, schema: &str, begun_by: Option<&Server>) {
        let address = |server: &Server| OsString::from(format!("unix:{}", server.path("raft").display()));
        let (database, schema_file) = (self.path("db"), self.path("schema"));
        std::fs::write(&schema_file, schema).unwrap();
        let name = tool(&["schema-name".as_ref(), schema_file.as_ref()]);
        let (name, own) = (name.trim(), address(self));
        match begun_by {
            None => tool(&["create-cluster".as_ref(), database.as_ref(), schema_file.as_ref(), &own]),
            Some(first) => tool(&["join-cluster".as_ref(), database.as_ref(), name.as_ref(), &own, &address(first)]),
        };
        self.run(&[]);
        let remote = self.remote().to_string();
        output(program("ovsdb-client").args(["-t30", "wait", &remote, name, "connected"]));
    }

    /// Whether it leads the cluster of this database.
    pub(crate) fn leads(&self, database: &str) -> bool {
        self.process.is_some() && self.appctl(&["cluster/status", database]).contains("Role: leader")
    }

    /// Starts a server that talks TLS on TCP, too: it shows a certificate and asks for one.
    pub(crate) fn run_with_tls(&mut self, tls: &TlsFiles) {
        let argument = |name: &str, file: &Path| format!("--{name}={}", file.display());
        let arguments = [
            "--remote=pssl:0:127.0.0.1".to_owned(),
            argument("private-key", &tls.private_key),
            argument("certificate", &tls.certificate),
            argument("ca-cert", &tls.ca_certificate),
        ];
        self.run(&arguments.each_ref().map(String::as_str));
    }

    /// Starts the process with more arguments than the usual ones and waits until it listens.
    pub(crate) fn run(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(OsString::from).collect();
        self.restart();
    }

    /// Starts the process again as it was.
    pub(crate) fn restart(&mut self) {
        assert!(self.process.is_none(), "it still runs");
        let _ = std::fs::remove_file(self.path("sock"));
        let mut command = program("ovsdb-server");
        command.arg(self.path("db")).arg(format!("--remote=punix:{}", self.path("sock").display()));
        command.arg(format!("--unixctl={}", self.path("ctl").display())).args([
            "--no-chdir",
            "-vconsole:off",
            "-vsyslog:off",
        ]);
        command.arg(format!("--log-file={}", self.path("log").display())).args(&self.arguments);
        self.process = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        self.wait_for("server that listens", || UnixStream::connect(self.path("sock")).ok());
    }

    /// Ends the process with SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Sends the process a signal by name, such as `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.as_ref().expect("it does not run").id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Runs a command of ovs-appctl on the server.
    pub(crate) fn appctl(&self, arguments: &[&str]) -> String {
        let mut command = program("ovs-appctl");
        output(command.arg("-t").arg(self.path("ctl")).args(arguments))
    }

    /// Changes the database to the schema in a file of the server's folder.
    pub(crate) fn convert(&self, schema: &str) {
        output(program("ovsdb-client").arg("convert").arg(self.remote().to_string()).arg(self.path(schema)));
    }

    /// The remote of a `ptcp:0` or `pssl:0` listener, whose port the system chose.
    pub(crate) fn tcp_remote(&self, scheme: &str) -> Remote {
        let port = |log: &str| Some(log.split_once("listening on port ")?.1.split_once('\n')?.0.to_owned());
        let port = self.wait_for("a port in the log", || port(&self.log()));
        format!("{scheme}:127.0.0.1:{port}").parse().unwrap()
    }

    fn wait_for<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let patience = Instant::now() + Duration::from_secs(120);
        loop {
            match look() {
                Some(found) => return found,
                None => assert!(Instant::now() < patience, "no {what}:\n{}", self.log()),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A file in the server's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote::Unix(self.path("sock"))
    }

    pub(crate) fn options(&self) -> Options {
        self.remote().into()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs ovsdb-tool.
pub(crate) fn tool(arguments: &[&std::ffi::OsStr]) -> String {
    output(program("ovsdb-tool").args(arguments))
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// A program of Open vSwitch. The kernel ends it when the test's thread ends, even if that is killed.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(locate(name));
    command.env("LD_LIBRARY_PATH", lab().join("usr/lib/x86_64-linux-gnu"));
    command
}

/// Where the lab unpacks Debian's packages.
fn lab() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/lab/debian12")
}

/// `$OVSDB_SERVER` and the programs beside it, what is installed, or what the lab has unpacked.
fn locate(name: &str) -> PathBuf {
    let chosen = std::env::var_os("OVSDB_SERVER").map(PathBuf::from);
    let chosen_folder = chosen.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    let installed: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let folders = chosen_folder.into_iter().chain(installed).chain([lab().join("usr/sbin"), lab().join("usr/bin")]);
    let found = folders.map(|folder: PathBuf| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} is neither in $OVSDB_SERVER's folder nor in $PATH nor in {}: run `make lab`", lab().display())
    })
}

/// A file of the unpacked or installed Open vSwitch or OVN.
pub(crate) fn shared_file(name: &str) -> PathBuf {
    let packages = ["usr/share/openvswitch", "usr/share/ovn"];
    let folders: Vec<_> =
        packages.iter().flat_map(|folder| [Path::new("/").join(folder), lab().join(folder)]).collect();
    let found = folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is in none of {folders:?}: run `make lab`"))
}
