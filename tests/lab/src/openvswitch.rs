//! A host's Open vSwitch: the database server and the switch, each started and ended by itself.

use crate::command::LONG;
use crate::host::Host;
use crate::service::Service;

/// The database's file and its socket, as the packages have them.
const DATABASE: &str = "/etc/openvswitch/conf.db";

impl Host {
    /// Starts Open vSwitch on the database as it was left, or on a new one, and waits until it is ready.
    ///
    /// With `LAB_DATAPATH=system` the kernel must have the datapath: what is meant to be tried on it is not tried on another.
    pub fn start_ovs(&mut self) {
        let system = std::env::var_os("LAB_DATAPATH").is_some_and(|wanted| wanted == "system");
        assert!(!system || self.has_kernel_datapath(), "lab: this kernel has no openvswitch module loaded");
        self.start_ovsdb();
        self.start_vswitchd();
        self.until(LONG, "ovs-vsctl --timeout=1 --no-headings list Open_vSwitch");
    }

    /// Starts the database server only.
    pub fn start_ovsdb(&mut self) {
        self.sh(&format!("[ -e {DATABASE} ] || ovsdb-tool create {DATABASE}"));
        let command = ["ovsdb-server", DATABASE, "--remote=punix:/run/openvswitch/db.sock", "--pidfile"];
        self.ovsdb_server = Some(Service::start(&self.node, &self.logs, "ovsdb-server", &command));
        let set_up = format!("init -- set Open_vSwitch . external_ids:system-id={}", self.name());
        self.until(LONG, &format!("ovs-vsctl --timeout=1 --no-wait {set_up}"));
    }

    /// Starts the switch only.
    pub fn start_vswitchd(&mut self) {
        let command = ["ovs-vswitchd", "unix:/run/openvswitch/db.sock", "--pidfile"];
        self.ovs_vswitchd = Some(Service::start(&self.node, &self.logs, "ovs-vswitchd", &command));
    }

    /// Kills the switch; its database stays.
    pub fn kill_vswitchd(&mut self) {
        self.ovs_vswitchd.take().expect("ovs-vswitchd was started").end(&self.node, "KILL");
    }

    /// Stops the switch and its database.
    pub fn stop_ovs(&mut self) {
        self.ovs_vswitchd.take().expect("ovs-vswitchd was started").end(&self.node, "TERM");
        self.ovsdb_server.take().expect("ovsdb-server was started").end(&self.node, "TERM");
    }

    /// Makes a bridge that is nobody's but the user's, on the datapath that there is.
    #[track_caller]
    pub fn add_bridge(&self, name: &str) {
        let datapath = if self.has_kernel_datapath() { "system" } else { "netdev" };
        self.sh(&format!(
            "ovs-vsctl add-br {name} -- set bridge {name} datapath_type={datapath} && ip link set {name} up"
        ));
    }

    /// Whether this kernel has Open vSwitch's datapath: without it, bridges work in user space.
    #[must_use]
    pub fn has_kernel_datapath(&self) -> bool {
        self.try_sh("[ -d /sys/module/openvswitch ]").is_ok()
    }
}
