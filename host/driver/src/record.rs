//! What the driver remembers of networks and endpoints: enough to repair and undo them without asking a mode or Docker
//! again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ipnet::IpNet;
use plan::{
    Action, Admitted, AdmittedStep, Attribute, Endpoint, EndpointId, ModeDigest, Network, NetworkId, PublishedPort,
};
use policy::{Origin, left_out};
use serde::{Deserialize, Serialize};

use crate::network::InterfacePrefix;
use crate::notes::Subject;
use crate::publish::WantedPort;

/// Where a network is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NetworkState {
    /// Written down, being performed: found at start, it is undone, since Docker never got an answer.
    Creating,
    /// It exists.
    Ready,
    /// Docker has forgotten it: undone again and again until nothing is left.
    Removing,
}

/// Options as a user wrote them, under the keys that were given: another module may read them in another way.
pub(crate) type Given = BTreeMap<String, String>;

/// A network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NetworkRecord {
    pub(crate) network: Network,
    /// Its options; none: an earlier driver did not write them down.
    #[serde(default)]
    pub(crate) given: Option<Given>,
    /// The options whose values are only for the mode, its endpoints' too. One that was secret stays so, whatever another
    /// module says of it.
    #[serde(default)]
    pub(crate) secrets: BTreeSet<String>,
    /// The mode's name when the network was created.
    pub(crate) mode: String,
    /// The module it is bound to.
    pub(crate) digest: ModeDigest,
    /// Where that module came from.
    pub(crate) origin: Origin,
    pub(crate) plan: Admitted,
    pub(crate) state: NetworkState,
    /// What Docker's own key for it says that interfaces in containers are named with.
    #[serde(default)]
    pub(crate) interface_prefix: Option<InterfacePrefix>,
    /// Docker's own keys that were given and that nobody acts on.
    #[serde(default)]
    pub(crate) ignored: Vec<String>,
    /// Its subnets whose addresses are of the driver's own pools.
    #[serde(default)]
    pub(crate) pools: BTreeSet<IpNet>,
    /// What Docker asked for, to tell a repeated request from another one.
    pub(crate) request: String,
    /// The upgrade that is under way. Found at start, it is taken back.
    #[serde(default)]
    pub(crate) attempt: Option<Box<Attempt>>,
}

impl NetworkRecord {
    /// The modules that it needs: its own, and the one that it is being moved to.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &ModeDigest> {
        std::iter::once(&self.digest).chain(self.attempt.as_ref().map(|attempt| &attempt.network.digest))
    }

    /// What it has in common with networks of its mode, each step with the id of that; with what it is being moved to.
    pub(crate) fn shared(&self) -> impl Iterator<Item = (NetworkId, &AdmittedStep)> {
        let attempted = self.attempt.iter().map(|attempt| &attempt.network);
        std::iter::once(self).chain(attempted).flat_map(|it| shared_in(&it.mode, &it.plan.steps))
    }

    /// The ids of what it has in common with networks of its mode.
    pub(crate) fn shared_ids(&self) -> BTreeSet<NetworkId> {
        self.shared().map(|(id, _)| id).collect()
    }

    /// The VRF whose router publishes the ports of its containers, at addresses that are not the host's. None: the host
    /// does, which has a foot in it.
    pub(crate) fn publishing_router(&self) -> Option<&str> {
        let mut actions = self.plan.steps.iter().map(|step| &step.action);
        if actions.clone().any(|action| matches!(action, Action::HostPort(_))) {
            return None;
        }
        actions.find_map(|action| match action {
            Action::LogicalRouter(router) => Some(router.vrf.as_str()),
            _ => None,
        })
    }

    /// Options as they may be shown, its own or an endpoint's.
    pub(crate) fn shown(&self, options: &[Attribute]) -> Vec<Attribute> {
        left_out(options, |key| self.secrets.contains(key))
    }

    /// Whether a module is one of them.
    pub(crate) fn uses(&self, module: &ModeDigest) -> bool {
        self.modules().any(|used| used == module)
    }
}

/// What steps of a mode's plan are shared, each with the id of what it is part of.
pub(crate) fn shared_in<'a>(
    mode: &'a str,
    steps: &'a [AdmittedStep],
) -> impl Iterator<Item = (NetworkId, &'a AdmittedStep)> {
    steps.iter().filter_map(move |step| Some((NetworkId::of_shared(mode, step.shared.as_deref()?), step)))
}

/// What a network is to become by an upgrade, written down beside what it is before anything is made of it: of what may
/// exist nothing is unknown, until it has become the one or is the other again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) network: NetworkRecord,
    /// The endpoints that are joined.
    pub(crate) endpoints: Vec<EndpointRecord>,
}

/// Where an endpoint is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EndpointState {
    /// Asked, checked, written down; nothing is performed yet. Found at start, a `Join` may have begun: what could exist
    /// is undone.
    Planned,
    /// Being performed. Kept in memory only: on the disk it is still planned, which covers it.
    Joining,
    /// A container uses it: verified and repaired.
    Joined,
    /// Being undone; Docker may still join it again.
    Leaving,
    /// Undone.
    Left,
    /// Docker has forgotten it: undone again and again until nothing is left.
    Removing,
    /// Its link is gone, which nobody can bring back into a running container; why.
    Broken(String),
}

impl EndpointState {
    /// The word people see.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Joining => "joining",
            Self::Joined => "joined",
            Self::Leaving => "leaving",
            Self::Left => "left",
            Self::Removing => "removing",
            Self::Broken(_) => "broken",
        }
    }
}

/// An endpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EndpointRecord {
    pub(crate) network: NetworkId,
    pub(crate) endpoint: Endpoint,
    /// Its own options; none: an earlier driver did not write them down.
    #[serde(default)]
    pub(crate) given: Option<Given>,
    pub(crate) plan: Admitted,
    pub(crate) state: EndpointState,
    /// The boot it was planned in; another boot voids it.
    pub(crate) boot: String,
    /// Where Docker keeps the container's namespace, from `Join`.
    pub(crate) sandbox: Option<String>,
    /// What it publishes and was asked to publish, if anything.
    pub(crate) published: Option<Published>,
    pub(crate) request: String,
}

impl EndpointRecord {
    /// What is noted about it is noted under this.
    pub(crate) fn subject(&self) -> Subject {
        (self.network.clone(), Some(self.endpoint.id.clone()))
    }

    /// The steps of its published ports, if it publishes any.
    pub(crate) fn published_steps(&self) -> Vec<AdmittedStep> {
        self.published.iter().flat_map(|published| published.plan.steps.clone()).collect()
    }

    /// What Docker asked it to publish.
    pub(crate) fn port_request(&self) -> Option<&PortRequest> {
        self.published.as_ref()?.request.as_ref()
    }

    /// The same with another request for ports.
    pub(crate) fn asked_for(&self, request: Option<PortRequest>) -> Self {
        let published = Published { request, ..self.published.clone().unwrap_or_default() };
        Self { published: Some(published).filter(|it| *it != Published::default()), ..self.clone() }
    }

    /// The same with other ports published.
    pub(crate) fn publishing(&self, ports: Vec<PublishedPort>, plan: Admitted) -> Self {
        let published = Published { ports, plan, request: self.port_request().cloned() };
        Self { published: Some(published).filter(|it| *it != Published::default()), ..self.clone() }
    }
}

/// The ports an endpoint publishes, and those it was asked to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Published {
    /// What it publishes: what it was asked for, or another endpoint of its container that cannot.
    pub(crate) ports: Vec<PublishedPort>,
    pub(crate) plan: Admitted,
    /// What Docker asked of it, while this network is the container's way out.
    #[serde(default)]
    pub(crate) request: Option<PortRequest>,
}

impl Published {
    /// What of it is published by the host, and not by a logical router at an address of its own.
    pub(crate) fn on_host(&self) -> Vec<PublishedPort> {
        self.ports.iter().copied().filter(|port| !self.is_at_router(port)).collect()
    }

    /// What of it a logical router publishes.
    pub(crate) fn at_router(&self) -> Vec<PublishedPort> {
        self.ports.iter().copied().filter(|port| self.is_at_router(port)).collect()
    }

    fn is_at_router(&self, port: &PublishedPort) -> bool {
        let mut actions = self.plan.steps.iter().map(|step| &step.action);
        actions.any(|action| matches!(action, Action::LoadBalancer(_)) && action.publishes(port))
    }
}

/// What Docker asked an endpoint to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PortRequest {
    pub(crate) ports: Vec<WantedPort>,
    /// The endpoint of the container that publishes them; none: nobody does.
    pub(crate) by: Option<EndpointId>,
}

/// An object that several networks may use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shared {
    /// A bridge that a user named.
    Bridge(String),
    /// A host interface.
    Uplink(String),
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bridge(name) => write!(f, "bridge {name}"),
            Self::Uplink(name) => write!(f, "uplink {name}"),
        }
    }
}

/// Who uses a shared object; the last one out takes it down, if we made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) object: Shared,
    pub(crate) holders: BTreeSet<NetworkId>,
}
