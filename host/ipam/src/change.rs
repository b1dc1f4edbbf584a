//! What can be done to a pool, one thing at a time: whole, or not at all.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::ClaimId;
use crate::pool::{Claim, Role, Use};

/// A change of one pool. Making one twice is making it once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// A network claims the pool, which is made if it is not there.
    Open {
        /// The claim.
        id: ClaimId,
        /// Whose, and of what part.
        claim: Claim,
        /// Only if nobody has the pool yet.
        alone: bool,
    },
    /// An endpoint takes a free address.
    Take {
        /// The address.
        address: IpAddr,
        /// Its network's claim.
        claim: ClaimId,
        /// Its Ethernet address.
        mac: Option<String>,
        /// Of this giving alone.
        nonce: Uuid,
        /// An earlier giving of it through the same claim, which this one is instead of.
        over: Option<Uuid>,
    },
    /// A network shares an address that is free, or shared already.
    Share {
        /// The address.
        address: IpAddr,
        /// The network's claim.
        claim: ClaimId,
        /// As what, if nobody shares it yet.
        role: Role,
    },
    /// A claim lets go of an address; one that it does not have stays.
    Release {
        /// The address.
        address: IpAddr,
        /// The claim.
        claim: ClaimId,
        /// Only what was given under it; none: whatever was.
        nonce: Option<Uuid>,
    },
    /// A network lets go of the pool and of all that was given through its claim. The pool goes with the last.
    Close {
        /// The claim.
        id: ClaimId,
    },
}

impl Change {
    /// What takes it back, right after it was made; none: it only lets go, and is not taken back.
    pub(crate) fn undo(&self) -> Option<Self> {
        match self {
            Self::Open { id, .. } => Some(Self::Close { id: *id }),
            Self::Take { address, claim, nonce, .. } => {
                Some(Self::Release { address: *address, claim: *claim, nonce: Some(*nonce) })
            }
            Self::Share { address, claim, .. } => Some(Self::Release { address: *address, claim: *claim, nonce: None }),
            Self::Release { .. } | Self::Close { .. } => None,
        }
    }
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is made, now or before.
    Done,
    /// Somebody has the address.
    Taken(Use),
    /// Somebody has the pool.
    Occupied,
    /// The claim that it is made for is gone.
    NoClaim,
}

/// The parts of a pool that a change made different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) claims: Vec<ClaimId>,
    pub(crate) addresses: Vec<IpAddr>,
}

impl Touched {
    pub(crate) fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.addresses.is_empty()
    }
}
