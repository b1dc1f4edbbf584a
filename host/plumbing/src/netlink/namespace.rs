//! Network namespaces for tests: each is a thread of its own, and gone with it. No other thread ever changes its
//! namespace.

use std::future::Future;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use nix::sched::{CloneFlags, unshare};

type Job = Box<dyn FnOnce() + Send>;

/// A network namespace with nothing in it but a loopback link, which is up.
pub(crate) struct Namespace {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
    id: i32,
}

impl Namespace {
    /// Makes one.
    pub(crate) fn new() -> Self {
        let (jobs, work) = mpsc::channel::<Job>();
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            unshare(CloneFlags::CLONE_NEWNET).expect("tests of links and rules run as root");
            tell.send(nix::unistd::gettid().as_raw()).unwrap();
            work.into_iter().for_each(|job| job());
        });
        let namespace = Self { jobs: Some(jobs), thread: Some(thread), id: told.recv().unwrap() };
        namespace.sh("ip link set lo up");
        namespace
    }

    /// What `ip link set LINK netns` wants.
    pub(crate) fn id(&self) -> i32 {
        self.id
    }

    /// Runs something in it.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (tell, told) = mpsc::channel();
        let job = Box::new(move || drop(tell.send(work())));
        self.jobs.as_ref().unwrap().send(job).unwrap();
        told.recv().expect("what runs in the namespace does not panic")
    }

    /// Runs something asynchronous in it; its tasks end with it.
    pub(crate) fn block_on<F: Future>(&self, work: impl FnOnce() -> F + Send + 'static) -> F::Output
    where
        F::Output: Send + 'static,
    {
        self.run(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(work())
        })
    }

    /// Runs a shell's command line in it, which has to succeed; what it printed.
    pub(crate) fn sh(&self, line: &str) -> String {
        let (output, line) = self.try_sh(line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Whether a command line succeeds in it.
    pub(crate) fn does(&self, line: &str) -> bool {
        self.try_sh(line).0.status.success()
    }

    fn try_sh(&self, line: &str) -> (std::process::Output, String) {
        let line = line.to_owned();
        self.run(move || {
            let path = format!("{}:/usr/sbin:/sbin:/usr/bin:/bin", lab());
            (Command::new("/bin/sh").args(["-c", &line]).env("PATH", path).output().unwrap(), line)
        })
    }
}

/// Commands the machine may not have, as `make lab` unpacks them.
pub(crate) fn lab() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lab/bin").to_owned()
}

impl Drop for Namespace {
    fn drop(&mut self) {
        self.jobs = None;
        self.thread.take().map(thread::JoinHandle::join);
    }
}
