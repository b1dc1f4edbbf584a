//! Why a call was not done, in words for the person who reads them in `docker`'s output.

use ipnet::IpNet;
use plan::{Denial, EndpointId, InvalidName, ModeDigest, NetworkId};
use policy::{Loaded, ModeError, OptionError, Verdict, short};

use crate::lock::Busy;
use crate::network::InvalidPrefix;
use crate::publish::BusyPort;
use crate::record::Shared;
use crate::store::StoreError;
use crate::upgrade::NotUpgraded;

/// Why a call was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("network {0} is not known to this driver: remove and create it again")]
    UnknownNetwork(NetworkId),
    #[error("endpoint {0} is not known to this driver: disconnect and connect the container again")]
    UnknownEndpoint(EndpointId),
    #[error("network {0} exists already with other settings")]
    NetworkExists(NetworkId),
    #[error("network {0} is still being removed: try again in a moment")]
    NetworkGoing(NetworkId),
    #[error("endpoint {0} exists already with other settings")]
    EndpointExists(EndpointId),
    #[error("endpoint {0} is still being removed: try again in a moment")]
    EndpointGoing(EndpointId),
    #[error("endpoint {0} publishes no port: no container has joined the network with it")]
    NotJoined(EndpointId),
    #[error("{object} belongs to network {holder}: name another one, or remove that network first")]
    Taken { object: Shared, holder: NetworkId },
    #[error(
        "{pool} overlaps {other} of network {holder}, to which this host has a way already: give another subnet, connect \
         containers to that network, or create one of the two without this host in it (mode ovn: another egress, external, \
         docker or none; flat and vlan: no host_address)"
    )]
    Overlap { pool: IpNet, other: IpNet, holder: NetworkId },
    #[error(
        "frames would circle: bridge {bridge} leads to other hosts by {by} of network {holder}, and a second way to them goes \
         round: take another bridge, or be on this one with neither peers nor an uplink"
    )]
    Circle { bridge: String, by: String, holder: NetworkId },
    #[error(
        "the {tunnel} tunnels {vni} lead to network {holder}: give another vni (the same on every host of the segment), or \
         remove that network first"
    )]
    SegmentTaken { tunnel: &'static str, vni: u32, holder: NetworkId },
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Option(#[from] OptionError),
    #[error(transparent)]
    Prefix(#[from] InvalidPrefix),
    #[error(transparent)]
    Mode(#[from] ModeError),
    #[error(transparent)]
    Verdict(#[from] Verdict),
    #[error(transparent)]
    Denied(Box<Denied>),
    /// The guard's no to what the user asked for and the mode handed on.
    #[error(transparent)]
    Asked(Box<Denial>),
    #[error(transparent)]
    Plumbing(#[from] plumbing::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Port(#[from] BusyPort),
    #[error(transparent)]
    Upgrade(#[from] NotUpgraded),
    #[error(transparent)]
    Name(#[from] InvalidName),
}

/// A plan that the guard refused, and whose it was.
#[derive(Debug, thiserror::Error)]
#[error("mode {mode} ({}) planned what it may not do: {denial}", short(.digest))]
pub(crate) struct Denied {
    mode: String,
    digest: ModeDigest,
    denial: Denial,
}

impl Error {
    /// Whether a mode said no to what it was asked.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Verdict(Verdict::Refused(_)))
    }

    /// What the guard said about a mode's plan.
    pub(crate) fn denied(mode: &Loaded, denial: Denial) -> Self {
        if denial.asked.is_some() {
            return Self::Asked(Box::new(denial));
        }
        Self::Denied(Box::new(Denied { mode: mode.name().to_owned(), digest: mode.digest().clone(), denial }))
    }
}
