//! A plan the guard admitted, with the names the host gave to what its steps make: what is stored, performed, verified
//! and undone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Action, Bridge, InterfaceName, Label};

/// What kind of object a name is wanted for. Each kind has a letter in the names the host makes, so that a glance at
/// `ip link` tells them apart and one rule can match all links of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ObjectKind {
    /// A bridge, and its local port.
    Bridge,
    /// The bridge of a mesh of tunnels; its ports' names start with it.
    Tunnel,
    /// An internal port with addresses.
    HostPort,
    /// The host's end of a container's link.
    EndpointPort,
    /// The container's end, before it is moved.
    Peer,
}

impl ObjectKind {
    /// Its letter in the names the host makes: prefix, letter, counter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Bridge => 'b',
            Self::Tunnel => 't',
            Self::HostPort => 'h',
            Self::EndpointPort => 'e',
            Self::Peer => 'c',
        }
    }
}

/// One admitted step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmittedStep {
    /// Names what the step makes, unique in its plan.
    pub label: Label,
    /// What is to exist.
    pub action: Action,
    /// For people who ask.
    pub why: Option<String>,
    /// What several networks of this host have in common has a key, the same in the plans of all of them. None: it is
    /// this network's or endpoint's alone.
    #[serde(default)]
    pub shared: Option<String>,
    /// The name of what it makes: the bridge, a mesh's bridge, the host port, the host's end of the container's link, the uplink's
    /// interface. Rules have none.
    pub name: Option<InterfaceName>,
    /// The container's end of a link.
    pub peer: Option<InterfaceName>,
}

/// A route in the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Where to.
    pub destination: IpNet,
    /// Through whom; none: on the link.
    pub next_hop: Option<IpAddr>,
}

/// What Docker is told about an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The container's IPv4 default route.
    pub gateway: Option<Ipv4Addr>,
    /// The container's IPv6 default route.
    pub gateway6: Option<Ipv6Addr>,
    /// More routes.
    pub routes: Vec<Route>,
    /// The interface's name in the container is this and a number Docker picks.
    pub interface_prefix: Option<String>,
    /// The interface's name in the container, where Docker knows how.
    pub interface_name: Option<String>,
    /// Without a gateway of this network, Docker's own bridge is the way out.
    #[serde(default)]
    pub docker_gateway: bool,
}

/// A plan that may be performed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// What to do, in order.
    pub steps: Vec<AdmittedStep>,
    /// What Docker is told; empty but for endpoints.
    pub reply: Reply,
}

impl Admitted {
    /// The step of a label, if there is one.
    #[must_use]
    pub fn step(&self, label: &str) -> Option<&AdmittedStep> {
        self.steps.iter().find(|step| &*step.label == label)
    }

    /// Names what has no name yet of what the steps make: by a user's name where there is one, else by the next of `fresh`.
    pub fn name_objects<E>(&mut self, mut fresh: impl FnMut(ObjectKind) -> Result<InterfaceName, E>) -> Result<(), E> {
        for step in self.steps.iter_mut().filter(|step| step.name.is_none()) {
            step.name = match &step.action {
                Action::Bridge(Bridge { name: Some(name), .. }) => InterfaceName::new(name.as_str()).ok(),
                Action::Bridge(_) => Some(fresh(ObjectKind::Bridge)?),
                Action::Tunnel(_) => Some(fresh(ObjectKind::Tunnel)?),
                Action::Uplink(uplink) => Some(uplink.name.clone()),
                Action::HostPort(_) => Some(fresh(ObjectKind::HostPort)?),
                Action::EndpointPort(_) => Some(fresh(ObjectKind::EndpointPort)?),
                // Rules and rows have none.
                Action::Masquerade(_)
                | Action::Forward(_)
                | Action::Publish(_)
                | Action::LogicalSwitch(_)
                | Action::LogicalRouter(_)
                | Action::RouterPort(_)
                | Action::StaticRoute(_)
                | Action::Localnet(_)
                | Action::Acl(_)
                | Action::LoadBalancer(_)
                | Action::LogicalNat(_)
                | Action::Custom(_) => None,
            };
            if matches!(step.action, Action::EndpointPort(_)) {
                step.peer = Some(fresh(ObjectKind::Peer)?);
            }
        }
        Ok(())
    }

    /// Takes all names away: those of a container's link that went are never used again.
    pub fn forget_names(&mut self) {
        for step in &mut self.steps {
            (step.name, step.peer) = (None, None);
        }
    }
}
