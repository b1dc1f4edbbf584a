//! What there is, for operators and for whoever looks for what was forgotten.

use std::sync::Arc;

use crate::addresses::Span;
use crate::id::{ClaimId, Place};
use crate::key::PoolKey;
use crate::pool::{Claim, Pool};

/// A pool of one of the stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where it is kept.
    pub place: Place,
    /// Which it is.
    pub key: PoolKey,
    /// Who is on it.
    pub pool: Arc<Pool>,
}

impl Listed {
    /// How many addresses it has for endpoints and gateways; at most what fits.
    #[must_use]
    pub fn size(&self) -> u64 {
        Span::of(self.key.subnet, self.key.subnet).len()
    }

    /// The claims of a driver, by its instance.
    pub fn claims_of(&self, instance: &str) -> impl Iterator<Item = ClaimId> {
        let its = self.pool.claims.iter().filter(move |(_, claim)| claim.holder.instance == instance);
        its.map(|(id, _)| *id)
    }
}

/// A claim that was let go of for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The pool.
    pub key: PoolKey,
    /// The claim's id.
    pub id: ClaimId,
    /// The claim.
    pub claim: Claim,
}
