//! The other hosts that bridges of this host lead to: by one way each, or frames would circle.
//!
//! Several networks may be on a bridge that a user named. With two meshes on it, or a mesh and a wire, hosts that do the same
//! have two ways to each other. And a segment's number leads to one bridge: Open vSwitch takes it from a peer only once.

use plan::{Action, Admitted, Encapsulation, InterfaceName, Label, NetworkId, Tunnel};
use plumbing::Dataplane;

use crate::Driver;
use crate::error::Error;

/// What leads out of a bridge.
#[derive(Clone, Copy)]
enum Way<'a> {
    Mesh(&'a Tunnel),
    Wire(&'a InterfaceName),
}

impl<D: Dataplane> Driver<D> {
    /// Checks that a plan's tunnels have a number of their own, and are the only way out of their bridge; and that no uplink
    /// of it comes beside another network's tunnels.
    pub(crate) fn check_meshes(&self, plan: &Admitted, network: &NetworkId) -> Result<(), Error> {
        let wanted: Vec<_> = ways(plan).collect();
        let others = self.state.networks();
        let others = others.iter().filter(|other| !wanted.is_empty() && other.network.id != *network);
        for record in others {
            let attempted = record.attempt.iter().map(|attempt| &attempt.network.plan);
            let known = std::iter::once(&record.plan).chain(attempted).flat_map(ways);
            for (other_bridge, other) in known {
                let bad = |(bridge, way): &(Option<&str>, Way<'_>)| {
                    way.refused_beside(other, bridge.filter(|_| *bridge == other_bridge), &record.network.id)
                };
                wanted.iter().find_map(bad).map_or(Ok(()), Err)?;
            }
        }
        Ok(())
    }
}

impl Way<'_> {
    /// Why it cannot be there beside a way of another network, on the same bridge if there is one.
    fn refused_beside(self, other: Way<'_>, bridge: Option<&str>, holder: &NetworkId) -> Option<Error> {
        if let (Way::Mesh(own), Way::Mesh(theirs)) = (self, other)
            && (own.encapsulation, own.vni) == (theirs.encapsulation, theirs.vni)
        {
            let (tunnel, vni) = (word(own.encapsulation), own.vni);
            return Some(Error::SegmentTaken { tunnel, vni, holder: holder.clone() });
        }
        match (bridge, self, other) {
            (None, ..) | (_, Way::Wire(_), Way::Wire(_)) => None,
            (Some(bridge), ..) => {
                Some(Error::Circle { bridge: bridge.to_owned(), by: other.to_string(), holder: holder.clone() })
            }
        }
    }
}

impl std::fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mesh(tunnel) => write!(f, "the {} tunnels {}", word(tunnel.encapsulation), tunnel.vni),
            Self::Wire(uplink) => write!(f, "the uplink {uplink}"),
        }
    }
}

/// What leads out of a plan's bridges, each with its bridge's name if that has one yet.
fn ways(plan: &Admitted) -> impl Iterator<Item = (Option<&str>, Way<'_>)> {
    plan.steps.iter().filter_map(|step| match &step.action {
        Action::Tunnel(tunnel) => Some((bridge(plan, &tunnel.bridge), Way::Mesh(tunnel))),
        Action::Uplink(uplink) => Some((bridge(plan, &uplink.bridge), Way::Wire(&uplink.name))),
        _ => None,
    })
}

/// The name of a plan's bridge: a user's, or ours, which networks of a mode may share.
fn bridge<'a>(plan: &'a Admitted, label: &Label) -> Option<&'a str> {
    let step = plan.steps.iter().find(|step| step.label == *label)?;
    let Action::Bridge(bridge) = &step.action else { return None };
    bridge.name.as_deref().or(step.name.as_deref())
}

/// What users call it.
fn word(encapsulation: Encapsulation) -> &'static str {
    match encapsulation {
        Encapsulation::Vxlan => "vxlan",
        Encapsulation::Geneve => "geneve",
    }
}
