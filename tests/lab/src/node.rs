//! One machine of the lab: network, mount, PID, UTS and control group namespaces with a first process of their own.

use crate::command::{Failed, echo, end, judge, patience, run};
use crate::paths;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What every command of a node finds its programs with: the unpacked ones before the machine's own.
const PATH: &str = "/usr/sbin:/usr/bin:/run/lab:/usr/local/sbin:/usr/local/bin:/sbin:/bin";
/// How long a command may take unless it says otherwise.
const DEADLINE: Duration = Duration::from_secs(90);
/// How long one may take in the background.
const BACKGROUND: Duration = Duration::from_secs(300);

/// A machine made of namespaces. Dropping it ends every process in it and removes all that it was.
#[derive(Debug)]
pub struct Node {
    name: String,
    id: String,
    init: String,
    launcher: Child,
}

impl Node {
    /// Starts a node on the unpacked packages of `trees`, the first one on top.
    pub(crate) fn start(name: &str, trees: &[PathBuf]) -> Self {
        Self::launch(name, trees, &mut Command::new("sh"))
    }

    /// Starts a node whose end, however it comes, is also the end of `folder`.
    pub(crate) fn start_with_folder(name: &str, trees: &[PathBuf], folder: &Path) -> Self {
        Self::launch(name, trees, Command::new("sh").env("LAB_FOLDER", folder))
    }

    fn launch(name: &str, trees: &[PathBuf], shell: &mut Command) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let id = format!("lab-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let driver = paths::driver().unwrap_or_else(|| PathBuf::from("/nonexistent"));
        let mut launcher = shell
            .arg(paths::script("node.sh"))
            .arg(&id)
            .args([paths::repository(), driver, PathBuf::from(name)])
            .args(trees)
            .stdin(Stdio::piped()) // its end is the node's end
            .stdout(Stdio::piped())
            .process_group(0) // a Ctrl-C is for the test: the launcher then sees the end of its input and cleans up
            .spawn()
            .expect("sh starts");
        let lines = BufReader::new(launcher.stdout.take().expect("is piped")).lines().map_while(Result::ok);
        // Two programs print a line each, and either may be the first.
        let (ready, init): (Vec<_>, Vec<_>) = lines.take(2).partition(|line| line == "ready");
        let [init] = <[String; 1]>::try_from(init).unwrap_or_default();
        assert!(!ready.is_empty() && !init.is_empty(), "lab: node {name} did not start; is this root?");
        Self { name: name.to_owned(), id, init, launcher }
    }

    /// The node's name: its hostname, and how the output calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of its control groups, its alone on this machine.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The process id of the node's first process, as the machine counts.
    pub(crate) fn init(&self) -> &str {
        &self.init
    }

    /// A file of the node, a socket or a link's entry in `/sys/class/net` included, as this process reaches it.
    #[must_use]
    pub fn file(&self, path: &Path) -> PathBuf {
        let root = Path::new("/proc").join(&self.init).join("root");
        root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Runs a shell script and gives what it printed; panics with all that is known if it fails or takes too long.
    #[track_caller]
    pub fn sh(&self, script: &str) -> String {
        self.try_sh(script).unwrap_or_else(|failed| panic!("lab: {failed}"))
    }

    /// Runs a shell script that must fail within the deadline, and gives all that it printed.
    #[track_caller]
    pub fn fails(&self, script: &str) -> String {
        match self.try_sh(script) {
            Ok(output) => panic!("lab: `{}$ {script}` should have failed, but went well:\n{output}", self.name),
            Err(failed) if failed.status.contains("124") => panic!("lab: should have failed sooner: {failed}"),
            Err(failed) => failed.output,
        }
    }

    /// Runs a shell script; its standard output, or how it failed.
    pub fn try_sh(&self, script: &str) -> Result<String, Failed> {
        run(&self.named(script), &mut self.command(script, DEADLINE))
    }

    /// Runs a shell script without an echo; its standard output, or how it failed.
    pub(crate) fn quietly(&self, script: &str) -> Result<String, Failed> {
        judge(&self.named(script), &self.command(script, DEADLINE).output().expect("nsenter starts"))
    }

    /// Writes a file, and the folders it is in if they are missing.
    #[track_caller]
    pub fn write(&self, path: &str, content: &[u8]) {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        file.write_all(content).expect("it can be written");
        self.sh_reading(file.path(), &format!("mkdir -p $(dirname {path}) && cat >{path}"));
    }

    /// Runs a shell script with a file as its standard input.
    #[track_caller]
    pub(crate) fn sh_reading(&self, input: &Path, script: &str) -> String {
        let file = File::open(input).unwrap_or_else(|error| panic!("lab: {}: {error}", input.display()));
        let outcome = run(&self.named(script), self.command(script, DEADLINE).stdin(file));
        outcome.unwrap_or_else(|failed| panic!("lab: {failed}"))
    }

    /// Waits until a shell script succeeds; panics when it still fails after `limit`.
    #[track_caller]
    pub fn until(&self, limit: Duration, script: &str) {
        let looped = format!("until ({script}) >/run/lab/until 2>&1; do sleep 0.02; done");
        if let Err(failed) = run(&self.named(&format!("until {script}")), &mut self.command(&looped, limit)) {
            let said = self.try_sh("cat /run/lab/until").unwrap_or_default();
            panic!("lab: not within {} s: {failed}{said}", patience(limit).as_secs());
        }
    }

    /// Starts a shell script in the background.
    #[must_use]
    pub fn start_sh(&self, script: &str) -> Running {
        let name = self.named(script);
        echo(&format!("[  start] {name}"));
        let mut command = self.command(script, BACKGROUND);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nsenter starts");
        Running { name, child: Some(child) }
    }

    /// A command that runs `script` in all of the node's namespaces, killed after `limit`.
    pub(crate) fn command(&self, script: &str, limit: Duration) -> Command {
        let mut command = self.enter();
        command.args(["timeout", "-k", "5"]).arg(patience(limit).as_secs().to_string()).args(["sh", "-c", script]);
        command
    }

    /// A command that runs what is added to it in all of the node's namespaces.
    pub(crate) fn enter(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.init, "--mount", "--net", "--pid", "--uts", "--cgroup", "--"]);
        command.env_clear().envs([("PATH", PATH), ("HOME", "/root"), ("LANG", "C.UTF-8"), ("TERM", "dumb")]);
        command.stdin(Stdio::null());
        command
    }

    /// A command that runs what is added to it on the node's links and files, but sees all of the machine's processes.
    pub(crate) fn enter_links(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.init, "--mount", "--net", "--"]).env("PATH", PATH).stdin(Stdio::null());
        command
    }

    fn named(&self, script: &str) -> String {
        format!("{}$ {script}", self.name)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.launcher.stdin.take());
        if let Err(error) = self.launcher.wait() {
            eprintln!("lab: node {} may still be there: {error}", self.name);
        }
    }
}

/// A command that runs in the background; dropping it without asking for its output ends it.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Option<Child>,
}

impl Running {
    /// Waits for the end and gives what it printed; panics if it failed.
    #[track_caller]
    pub fn finish(mut self) -> String {
        let child = self.child.take().expect("is taken only here");
        let output = child.wait_with_output().expect("its output can be read");
        judge(&self.name, &output).unwrap_or_else(|failed| panic!("lab: {failed}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(child) = &mut self.child else { return };
        // That is `timeout`, which ends what it started, too.
        end(child, "TERM");
        echo(&format!("[  ended] {}", self.name));
    }
}
