//! OVN on the test's host: both databases, ovn-northd, and ovn-controller, which makes the host a chassis. They end with
//! the test.

use std::os::unix::net::UnixStream;
use std::process::Child;
use std::time::{Duration, Instant};

use super::switch::{Switch, run};
use crate::testing::shared_file;

pub(super) struct Central {
    processes: Vec<(&'static str, Child)>,
}

impl Central {
    /// Starts everything beside a running Open vSwitch.
    pub(super) fn start(switch: &Switch) -> Self {
        let mut central = Self { processes: Vec::new() };
        for (database, schema) in [("nb", "ovn/ovn-nb.ovsschema"), ("sb", "ovn/ovn-sb.ovsschema")] {
            run(switch.command("ovsdb-tool").args([
                "create",
                &switch.path(&format!("{database}.db")),
                &shared_file(schema),
            ]));
            central.start_database(switch, database);
        }
        nbctl(switch, "init");
        central.start_northd(switch);
        let (north, south) = (remote(switch, "nb"), remote(switch, "sb"));
        switch.vsctl(&format!(
            "set Open_vSwitch . external_ids:system-id=chassis1 external_ids:hostname=host1 external_ids:ovn-remote={south} \
             external_ids:ovn-nb={north} external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip=127.0.0.1 \
             external_ids:ovn-bridge-datapath-type=netdev"
        ));
        central.start_controller(switch);
        central
    }

    /// Starts `nb` or `sb`.
    pub(super) fn start_database(&mut self, switch: &Switch, name: &'static str) {
        let socket = switch.path(&format!("{name}.sock"));
        let _ = std::fs::remove_file(&socket);
        let mut command = switch.command("ovsdb-server");
        command.args([switch.path(&format!("{name}.db")), format!("--remote=punix:{socket}")]);
        command.arg(format!("--unixctl={}", switch.path(&format!("{name}.ctl"))));
        self.processes.push((name, command.spawn().unwrap()));
        wait_until("database that listens", || UnixStream::connect(&socket).is_ok());
    }

    pub(super) fn start_northd(&mut self, switch: &Switch) {
        let mut command = switch.command("ovn-northd");
        command.arg(format!("--ovnnb-db={}", remote(switch, "nb"))).arg(format!("--ovnsb-db={}", remote(switch, "sb")));
        command.arg(format!("--unixctl={}", switch.path("northd.ctl")));
        self.processes.push(("northd", command.spawn().unwrap()));
    }

    /// Starts ovn-controller and waits until it has its bridge.
    pub(super) fn start_controller(&mut self, switch: &Switch) {
        let mut command = switch.command("ovn-controller");
        command.arg(switch.remote()).arg(format!("--log-file={}", switch.path("controller.log")));
        self.processes.push(("controller", command.spawn().unwrap()));
        wait_until("integration bridge", || switch.vsctl("list-br").contains("br-int"));
    }

    /// The process of `nb`, `sb`, `northd` or `controller`.
    pub(super) fn id_of(&self, name: &str) -> u32 {
        self.processes.iter().find(|(known, _)| *known == name).expect("it runs").1.id()
    }

    /// As by `kill -9`: `nb`, `sb`, `northd` or `controller`.
    pub(super) fn kill(&mut self, name: &str) {
        let at = self.processes.iter().position(|(known, _)| *known == name).expect("it runs");
        let (_, mut process) = self.processes.remove(at);
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        for (_, process) in self.processes.iter_mut().rev() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

fn remote(switch: &Switch, database: &str) -> String {
    format!("unix:{}", switch.path(&format!("{database}.sock")))
}

/// `ovn-nbctl`, with its words separated by spaces; what it printed.
pub(super) fn nbctl(switch: &Switch, line: &str) -> String {
    let words = line.split(' ');
    run(switch.command("ovn-nbctl").arg(format!("--db={}", remote(switch, "nb"))).args(["-t", "10"]).args(words))
}

fn wait_until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < end, "no {what}: is OVN here? else run `make lab`");
        std::thread::sleep(Duration::from_millis(10));
    }
}
