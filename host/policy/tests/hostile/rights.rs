//! The child that compiles has no rights by the time it reads what it compiles: these tests begin as root.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ends with the test.
struct Waiting(Child);

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A child as the driver starts it, below another program, which waits for its module.
fn child(below: &[&str]) -> Waiting {
    let mut command = Command::new(below.first().unwrap_or(&"env"));
    command.args(below.iter().skip(1)).arg(env!("CARGO_BIN_EXE_policy-compiler"));
    command.args(["compile-mode-in-child", "1073741824", "30", "262144", "16777216"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    Waiting(command.spawn().unwrap())
}

/// What the kernel says of a process (proc(5)).
fn status(child: &Waiting) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(format!("/proc/{}/status", child.0.id())).unwrap();
    let line = |line: &str| line.split_once(':').map(|(key, value)| (key.to_owned(), value.trim().to_owned()));
    text.lines().filter_map(line).collect()
}

/// What the kernel says once the child sleeps because it has nothing to read.
fn settled(child: &Waiting) -> BTreeMap<String, String> {
    let started = Instant::now();
    loop {
        let status = status(child);
        if status["Name"].starts_with("policy-") && status["NoNewPrivs"] == "1" && status["State"].starts_with('S') {
            return status;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{status:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn it_is_nobody_and_may_do_nothing() {
    let child = child(&[]);
    let status = settled(&child);
    for ids in ["Uid", "Gid"] {
        assert_eq!(status[ids].split_whitespace().collect::<Vec<_>>(), ["65534"; 4], "{ids}");
    }
    assert_eq!(status["Groups"], "");
    for capabilities in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(status[capabilities], "0000000000000000", "{capabilities}");
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.0.id())).unwrap();
    let limit = |name: &str| limits.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(limit("Max file size").contains(" 0 ") && limit("Max address space").contains(" 1073741824 "), "{limits}");
}

#[test]
fn in_a_namespace_where_there_is_no_nobody_it_may_do_nothing_either() {
    let status = settled(&child(&["unshare", "--map-root-user"]));
    assert_eq!((&*status["CapPrm"], &*status["CapEff"]), ("0000000000000000", "0000000000000000"));
}

#[test]
fn one_that_cannot_give_up_its_rights_does_not_compile() {
    for kept in ["-setuid", "-setgid"] {
        let mut child = child(&["setpriv", &format!("--bounding-set={kept}"), &format!("--inh-caps={kept}")]);
        let mut said = String::new();
        child.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(!child.0.wait().unwrap().success(), "{kept}");
        assert!(said.contains("cannot give up root's rights") && said.contains("CAP_SETUID"), "{kept}: {said}");
    }
}
