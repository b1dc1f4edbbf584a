//! This host's end of the tunnels between OVN's hosts: whether what comes out of it gets anywhere.
//!
//! No plan says these tunnels: ovn-controller makes them, from the address that Open vSwitch's database names. Where
//! ovs-vswitchd's own datapath has the integration bridge, that address has to be where [`super::underlay`] says of the
//! driver's own tunnels, and is seen neither in rows nor in ports otherwise. A host alone does without.

use std::net::IpAddr;

use ovsdb::Snapshot;
use tokio::time::Instant;

use super::Plumbing;
use super::underlay::carries_tunnels;
use crate::link::Links;
use crate::ovs::View;
use crate::{Error, LinkError};

/// Where this host's end of OVN's tunnels is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TunnelEnd {
    /// Its address, as Open vSwitch's database has it.
    pub address: String,
    /// The link that has it.
    pub link: String,
}

/// Why no tunnel of OVN's leads from this host to another, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TunnelEndError {
    /// Nobody said where it is.
    #[error(
        "this host has no address for OVN's tunnels: ovs-vsctl set Open_vSwitch . external_ids:ovn-encap-type=geneve \
         external_ids:ovn-encap-ip=ADDRESS"
    )]
    Unnamed,
    /// No link has the address.
    #[error(
        "no link of this host has the address of OVN's tunnels, {address}: ip address add it where it belongs, or set \
         external_ids:ovn-encap-ip of Open_vSwitch to one there is"
    )]
    Absent {
        /// What is said of it.
        address: String,
    },
    /// ovs-vswitchd's own datapath does not send through the link that has the address.
    #[error(
        "OVN's tunnels from {address} on {link} reach nobody: ovs-vswitchd, whose datapath (netdev) {bridge} has, sends \
         what it wraps only through internal ports of its own bridges; put the uplink on such a bridge and the address on \
         the bridge's own port: ovs-vsctl add-br br-phy -- set Bridge br-phy datapath_type=netdev -- add-port br-phy \
         UPLINK, then ip address delete {address}/LENGTH dev {link}, ip address add {address}/LENGTH dev br-phy and ip \
         link set br-phy up"
    )]
    Outside {
        /// The address.
        address: String,
        /// The link.
        link: String,
        /// The integration bridge.
        bridge: String,
    },
    /// The host's links cannot be seen.
    #[error("where the address of OVN's tunnels is cannot be seen: {0}")]
    Unseen(#[from] LinkError),
}

/// Looks for this host's end of OVN's tunnels, by a copy of Open vSwitch's database with its bridges (`name`, `ports`,
/// `datapath_type`), ports (`interfaces`), interfaces (`name`, `type`) and the `external_ids` of `Open_vSwitch`.
///
/// # Errors
///
/// Why none of them leads to another host. On the kernel's datapath any link will do.
pub async fn tunnel_end(copy: &Snapshot, links: &Links) -> Result<TunnelEnd, TunnelEndError> {
    let view = View(copy.clone());
    let root = view.root();
    let Some(address) = root.and_then(|root| root.tunnel_address()) else { return Err(TunnelEndError::Unnamed) };
    let holder = match address.parse::<IpAddr>() {
        Ok(address) => links.holder_of(address).await?,
        Err(_) => None,
    };
    let address = address.to_owned();
    let Some(link) = holder else { return Err(TunnelEndError::Absent { address }) };
    let bridge = root.and_then(|root| view.bridge(root.integration_bridge())).filter(|bridge| bridge.is_netdev());
    match bridge.filter(|_| !carries_tunnels(copy, &link)) {
        Some(bridge) => Err(TunnelEndError::Outside { address, link, bridge: bridge.name().to_owned() }),
        None => Ok(TunnelEnd { address, link }),
    }
}

impl Plumbing {
    /// Why no tunnel of OVN's leads to another host.
    pub(super) async fn tunnel_fault_of(&self, deadline: Instant) -> Result<Option<String>, Error> {
        let look = async || -> Result<_, Error> {
            let view = self.ovs.session().view(deadline).await?;
            Ok(tunnel_end(&view.0, &self.links).await)
        };
        if look().await?.is_ok() {
            return Ok(None);
        }
        // Somebody may have put it right a moment ago.
        self.ovs.session().catch_up(deadline).await?;
        Ok(look().await?.err().map(|fault| fault.to_string()))
    }
}
