//! What the driver remembers of networks and endpoints: enough to repair and undo them without asking a mode or Docker
//! again.

use std::collections::BTreeSet;
use std::fmt;

use plan::{Admitted, Endpoint, ModeDigest, Network, NetworkId, PublishedPort};
use policy::Origin;
use serde::{Deserialize, Serialize};

use crate::network::InterfacePrefix;
use crate::notes::Subject;

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

/// A network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NetworkRecord {
    pub(crate) network: Network,
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
    /// What Docker asked for, to tell a repeated request from another one.
    pub(crate) request: String,
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
    pub(crate) plan: Admitted,
    pub(crate) state: EndpointState,
    /// The boot it was planned in; another boot voids it.
    pub(crate) boot: String,
    /// Where Docker keeps the container's namespace, from `Join`.
    pub(crate) sandbox: Option<String>,
    /// What it publishes, while this network is the container's way out.
    pub(crate) published: Option<Published>,
    pub(crate) request: String,
}

impl EndpointRecord {
    /// What is noted about it is noted under this.
    pub(crate) fn subject(&self) -> Subject {
        (self.network.clone(), Some(self.endpoint.id.clone()))
    }
}

/// The ports an endpoint publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Published {
    pub(crate) ports: Vec<PublishedPort>,
    pub(crate) plan: Admitted,
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
