//! A host's part of OVN: ovn-controller, and the way to the other hosts.
//!
//! The switch in user space ends tunnels only where the route to the other host leaves by an internal port of one of its own
//! bridges, so the underlay's interface is a port of a bridge (`br-phy`), and the address is that bridge's.

use crate::central::Central;
use crate::command::LONG;
use crate::host::Host;
use crate::service::Service;

impl Host {
    /// Makes the host a chassis of `central`, at `address` of the segment that its `eth2` is on.
    pub(crate) fn join_ovn(&mut self, central: &Central, address: &str) {
        let datapath = if self.has_kernel_datapath() { "system" } else { "netdev" };
        let ids = [
            ("ovn-nb", central.northbound_remotes()),
            ("ovn-remote", central.southbound_remote()),
            ("ovn-encap-type", "geneve".to_owned()),
            ("ovn-encap-ip", address.to_owned()),
            ("ovn-bridge-datapath-type", datapath.to_owned()),
        ];
        let ids: String = ids.iter().map(|(key, value)| format!(" external_ids:{key}='\"{value}\"'")).collect();
        self.meet_others(address);
        self.sh(&format!("ovs-vsctl set Open_vSwitch .{ids}; mkdir -p /run/ovn"));
        self.start_ovn_controller();
    }

    /// Takes `address` on the segment that its `eth2` is on, for tunnels to other hosts.
    pub fn meet_others(&self, address: &str) {
        self.add_bridge("br-phy");
        self.sh(&format!("ovs-vsctl add-port br-phy eth2 && ip addr add {address}/24 dev br-phy"));
    }

    /// Starts ovn-controller, and waits until it has made its bridge.
    pub fn start_ovn_controller(&mut self) {
        let command = ["ovn-controller", "unix:/run/openvswitch/db.sock", "--pidfile"];
        self.ovn_controller = Some(Service::start(&self.node, &self.logs, "ovn-controller", &command));
        self.until(LONG, "ovs-vsctl --timeout=1 br-exists br-int");
    }

    /// Kills ovn-controller: what it has programmed stays.
    pub fn kill_ovn_controller(&mut self) {
        self.ovn_controller.take().expect("ovn-controller was started").end(&self.node, "KILL");
    }

    /// Waits until this host's switch ends a tunnel to each of `others`.
    #[track_caller]
    pub fn meets(&self, others: &[&Host]) {
        for other in others {
            let tunnel =
                format!("ovs-vsctl --bare --columns=ofport list Interface ovn-{}-0 | grep -q '^[1-9]'", other.name());
            self.until(LONG, &tunnel);
        }
    }
}
