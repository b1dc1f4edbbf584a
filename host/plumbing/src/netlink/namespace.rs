//! Network namespaces for tests: each is a thread of its own, and gone with it. No other thread ever changes its
//! namespace.

use std::future::Future;
use std::process::Command;
use std::sync::{Once, mpsc};
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
        self.run(move || (Command::new("/bin/sh").args(["-c", &line]).env("PATH", path()).output().unwrap(), line))
    }
}

/// The forms of iptables that an installation has and the unpacked commands lack, made once below `target`.
const TOOLS: &str = r#"
folder=$1/../tmp/iptables
mkdir -p "$folder" && cd "$folder" || exit
for name in iptables ip6tables; do
  for form in -restore -save -legacy -legacy-restore -legacy-save; do
    case $form in -legacy*) multi=xtables-legacy-multi ;; *) multi=xtables-nft-multi ;; esac
    [ -e "../../lab/debian12/usr/sbin/$multi" ] && [ ! -e "$name$form" ] || continue
    cat >"$name$form.$$" <<END
#!/bin/sh
tree=\$(dirname "\$0")/../../lab/debian12/usr
LD_LIBRARY_PATH=\$tree/lib/x86_64-linux-gnu XTABLES_LIBDIR=\$tree/lib/x86_64-linux-gnu/xtables
export LD_LIBRARY_PATH XTABLES_LIBDIR
exec "\$tree/sbin/$multi" $name$form "\$@"
END
    chmod +x "$name$form.$$" && mv "$name$form.$$" "$name$form"
  done
done"#;

/// Where commands are looked for: as `make lab` unpacks them, then the machine's own.
pub(crate) fn path() -> String {
    static ONCE: Once = Once::new();
    let lab = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lab");
    ONCE.call_once(|| assert!(Command::new("/bin/sh").args(["-c", TOOLS, "sh", lab]).status().unwrap().success()));
    format!("{lab}/bin:{lab}/../tmp/iptables:/usr/sbin:/sbin:/usr/bin:/bin")
}

impl Drop for Namespace {
    fn drop(&mut self) {
        self.jobs = None;
        self.thread.take().map(thread::JoinHandle::join);
    }
}
