//! A pool: who claims it, and what is taken of it. Changes are judged here, and nowhere else: both stores do what this does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::change::{Change, Outcome, Touched};
use crate::id::ClaimId;

/// Which driver on which host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Holder {
    /// The random id of the driver's state directory.
    pub instance: String,
    /// The host's name, for people.
    pub host: String,
}

/// A network's hold on a pool: one `RequestPool`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Whose network it is.
    pub holder: Holder,
    /// The part that its addresses are given of; none: all of it.
    pub range: Option<IpNet>,
}

/// What an address is shared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The way out: every network on the pool may have the same.
    Gateway,
    /// `--aux-address`: something else that has it, and that networks know by name.
    Auxiliary,
}

/// Who has an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// A container's interface, and nobody else.
    Endpoint {
        /// The network's claim that it was given through.
        claim: ClaimId,
        /// Its Ethernet address, as Docker said.
        mac: Option<String>,
        /// This giving of it: the next one of the same address is another.
        nonce: Uuid,
    },
    /// Everybody who says so.
    Shared {
        /// As what.
        role: Role,
        /// The claims of those networks. Never empty.
        claims: BTreeSet<ClaimId>,
    },
}

impl Use {
    /// Whether an endpoint has it by this giving through this claim.
    pub(crate) fn is_giving(&self, by: ClaimId, of: Uuid) -> bool {
        matches!(self, Self::Endpoint { claim, nonce, .. } if *claim == by && *nonce == of)
    }
}

/// One subnet of one VRF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// The networks on it.
    pub claims: BTreeMap<ClaimId, Claim>,
    /// The addresses that are not free.
    pub taken: BTreeMap<IpAddr, Use>,
}

impl Pool {
    /// Whether nobody is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.taken.is_empty()
    }

    /// The lowest address that networks share as their gateway.
    #[must_use]
    pub fn gateway(&self) -> Option<IpAddr> {
        let gateway = |of: &Use| matches!(of, Use::Shared { role: Role::Gateway, .. });
        self.taken.iter().find(|(_, of)| gateway(of)).map(|(address, _)| *address)
    }

    /// Whose an address is; none: it is free, or a claim's that is gone.
    #[must_use]
    pub fn holders(&self, of: &Use) -> Vec<&Holder> {
        let claims: Vec<_> = match of {
            Use::Endpoint { claim, .. } => vec![claim],
            Use::Shared { claims, .. } => claims.iter().collect(),
        };
        claims.into_iter().filter_map(|claim| self.claims.get(claim)).map(|claim| &claim.holder).collect()
    }

    /// Makes a change, if it is to be made, and says what is different now.
    pub(crate) fn apply(&mut self, change: &Change) -> (Outcome, Touched) {
        let mut touched = Touched::default();
        let outcome = match change {
            Change::Open { id, claim, alone } => self.open(*id, claim, *alone, &mut touched),
            Change::Take { address, claim, mac, nonce, over } => {
                let wanted = Use::Endpoint { claim: *claim, mac: mac.clone(), nonce: *nonce };
                self.take(*address, wanted, (*claim, *over), &mut touched)
            }
            Change::Share { address, claim, role } => self.share(*address, *claim, *role, &mut touched),
            Change::Release { address, claim, nonce } => {
                self.release(*address, *claim, *nonce, &mut touched);
                Outcome::Done
            }
            Change::Close { id } => {
                self.close(*id, &mut touched);
                Outcome::Done
            }
        };
        (outcome, touched)
    }

    fn open(&mut self, id: ClaimId, claim: &Claim, alone: bool, touched: &mut Touched) -> Outcome {
        if self.claims.contains_key(&id) {
            return Outcome::Done;
        }
        if alone && !self.is_empty() {
            return Outcome::Occupied;
        }
        self.claims.insert(id, claim.clone());
        touched.claims.push(id);
        Outcome::Done
    }

    fn close(&mut self, id: ClaimId, touched: &mut Touched) {
        for address in self.taken.keys().copied().collect::<Vec<_>>() {
            self.release(address, id, None, touched);
        }
        if self.claims.remove(&id).is_some() {
            touched.claims.push(id);
        }
        // Without a claim there is nobody that could let go of what is left, whoever took it.
        if self.claims.is_empty() {
            touched.addresses.extend(std::mem::take(&mut self.taken).into_keys());
        }
    }

    fn take(
        &mut self,
        address: IpAddr,
        wanted: Use,
        (claim, over): (ClaimId, Option<Uuid>),
        touched: &mut Touched,
    ) -> Outcome {
        if !self.claims.contains_key(&claim) {
            return Outcome::NoClaim;
        }
        let earlier = |held: &Use| over.is_some_and(|over| held.is_giving(claim, over));
        match self.taken.get(&address) {
            Some(held) if *held == wanted => Outcome::Done,
            Some(held) if !earlier(held) => Outcome::Taken(held.clone()),
            Some(_) | None => {
                self.taken.insert(address, wanted);
                touched.addresses.push(address);
                Outcome::Done
            }
        }
    }

    fn share(&mut self, address: IpAddr, claim: ClaimId, role: Role, touched: &mut Touched) -> Outcome {
        if !self.claims.contains_key(&claim) {
            return Outcome::NoClaim;
        }
        let vacant = || Use::Shared { role, claims: BTreeSet::new() };
        match self.taken.entry(address).or_insert_with(vacant) {
            held @ Use::Endpoint { .. } => Outcome::Taken(held.clone()),
            Use::Shared { claims, .. } => {
                if claims.insert(claim) {
                    touched.addresses.push(address);
                }
                Outcome::Done
            }
        }
    }

    fn release(&mut self, address: IpAddr, by: ClaimId, only: Option<Uuid>, touched: &mut Touched) {
        let gone = match self.taken.get_mut(&address) {
            Some(Use::Endpoint { claim, nonce, .. }) => *claim == by && only.is_none_or(|only| only == *nonce),
            Some(Use::Shared { claims, .. }) => {
                if claims.remove(&by) {
                    touched.addresses.push(address);
                }
                claims.is_empty()
            }
            None => false,
        };
        if gone {
            self.taken.remove(&address);
            touched.addresses.push(address);
        }
    }
}
