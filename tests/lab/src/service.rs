//! A daemon of a node: started with a log of its own, killed or stopped by its process id.

use crate::command::{LONG, echo, end};
use crate::node::Node;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

/// Moves the shell into the node's control groups, notes its process id in the file `$0` and becomes the daemon.
const BECOME: &str = "\
for group in /sys/fs/cgroup/*/cgroup.procs; do [ ! -e $group ] || echo $$ >$group; done 2>/dev/null
echo $$ >/run/lab/$0.pid
exec \"$@\"";

/// A running daemon.
#[derive(Debug)]
pub(crate) struct Service {
    name: &'static str,
    child: Child,
}

impl Service {
    /// Starts `program` with `arguments` on `node`; what it prints is added to its log in `logs`.
    pub(crate) fn start(node: &Node, logs: &Path, name: &'static str, command: &[&str]) -> Self {
        let log = open(&log_of(logs, node, name));
        let err = log.try_clone().expect("a file descriptor can be duplicated");
        echo(&format!("[  start] {}$ {}", node.name(), command.join(" ")));
        let mut run = node.enter();
        let child = run.args(["sh", "-c", BECOME, name]).args(command).stdout(log).stderr(err).spawn();
        Self { name, child: child.expect("nsenter starts") }
    }

    /// Stops the daemon where it stands.
    pub(crate) fn freeze(&self, node: &Node) {
        node.sh(&format!("kill -STOP $(cat /run/lab/{}.pid)", self.name));
    }

    /// Lets it go on, by way of the nsenter that waits for it: that has stopped with it.
    pub(crate) fn thaw(&self) {
        let done = Command::new("kill").args(["-CONT", &self.child.id().to_string()]).status();
        assert!(done.is_ok_and(|status| status.success()), "lab: {} cannot go on", self.name);
    }

    /// Sends `signal` and waits until the daemon is gone.
    pub(crate) fn end(mut self, node: &Node, signal: &str) {
        node.sh(&format!("kill -{signal} $(cat /run/lab/{}.pid)", self.name));
        self.thaw();
        self.gone(node, LONG);
    }

    fn gone(&mut self, node: &Node, limit: Duration) {
        let name = self.name;
        node.until(limit, &format!("! kill -0 $(cat /run/lab/{name}.pid)"));
        // nsenter repeats how the daemon ended; that it ended is what was asked for.
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        end(&mut self.child, "KILL");
    }
}

/// Where a daemon's output goes.
pub(crate) fn log_of(logs: &Path, node: &Node, name: &str) -> PathBuf {
    logs.join(format!("{}-{name}.log", node.name()))
}

fn open(path: &Path) -> File {
    let opened = fs::OpenOptions::new().create(true).append(true).open(path);
    opened.unwrap_or_else(|error| panic!("lab: {}: {error}", path.display()))
}
