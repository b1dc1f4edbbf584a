//! Waiting until OVN has connected what was plugged in, and what it is doing meanwhile.

use tokio::time::Instant;

use super::Plumbing;
use crate::Error;
use crate::ovs::{Binding, PortSpec, View};

impl Plumbing {
    /// Waits until ovn-controller says of each container's port that its flows are in. The host's own ports are connected
    /// beside them and not reported.
    pub(super) async fn bound(&self, ports: &[PortSpec], deadline: Instant) -> Result<(), Error> {
        for port in ports {
            let Some(binding) = port.binding.as_ref().filter(|binding| binding.is_reported()) else { continue };
            let installed = |view: &View| view.interface(&port.name).filter(|it| it.is_installed()).map(|_| ());
            if let Err(away) = self.ovs.session().watch(installed, deadline).await {
                return Err(match self.ovs.session().is_current() {
                    true => Error::NotBound { port: binding.port.clone(), doing: self.ovn_is_doing(binding) },
                    false => away,
                });
            }
        }
        Ok(())
    }

    /// Why a port that was plugged in is not connected, as far as the two databases tell.
    pub(super) fn ovn_is_doing(&self, binding: &Binding) -> String {
        let view = self.ovs.session().now();
        let Some(north) = self.ovn.view_if_current() else {
            return "the northbound database does not answer".to_owned();
        };
        if view.root().is_none_or(|root| root.id("ovn-remote").is_none()) {
            return "ovn-controller does not know the southbound database: set external_ids:ovn-remote of Open_vSwitch"
                .to_owned();
        }
        let doing = match north.is_up(&binding.port) {
            None => "ovn-northd has not seen the port: is it running? (systemctl status ovn-central)",
            Some(false) => {
                "ovn-controller of this host has not claimed the port: is it running and connected to the southbound \
                 database? (systemctl status ovn-host; ovn-appctl -t ovn-controller connection-status)"
            }
            Some(true) => {
                "ovn-controller has claimed the port and not put its flows in yet (ovn-appctl -t ovn-controller)"
            }
        };
        doing.to_owned()
    }
}
