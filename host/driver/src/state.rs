//! What the driver knows, in memory: the store's copy, read once at start. Records are shared and replaced, never changed
//! in place, so that a reader has a whole one without holding a lock.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use plan::{EndpointId, NetworkId};

use crate::record::{Claim, EndpointRecord, EndpointState, NetworkRecord, Shared};
use crate::store::Remembered;

#[derive(Debug, Default)]
pub(crate) struct State(RwLock<Tables>);

#[derive(Debug, Default)]
struct Tables {
    networks: HashMap<NetworkId, Arc<NetworkRecord>>,
    endpoints: HashMap<EndpointId, Arc<EndpointRecord>>,
    /// Who holds an address, so that a predecessor is found without looking at everybody.
    holders: HashMap<(NetworkId, IpAddr), EndpointId>,
    /// Who is in a container, by where Docker keeps its namespace.
    sandboxes: HashMap<String, BTreeSet<EndpointId>>,
    claims: HashMap<Shared, BTreeSet<NetworkId>>,
}

impl Tables {
    fn put_endpoint(&mut self, record: EndpointRecord) {
        let id = record.endpoint.id.clone();
        for address in &record.endpoint.addresses {
            let key = (record.network.clone(), address.addr());
            // One that is only waiting to be undone does not take its address back from its new holder.
            if record.state != EndpointState::Removing || !self.holders.contains_key(&key) {
                self.holders.insert(key, id.clone());
            }
        }
        let sandbox = record.sandbox.clone();
        let before = self.endpoints.insert(id.clone(), Arc::new(record)).and_then(|before| before.sandbox.clone());
        if before != sandbox {
            self.leave_sandbox(before.as_deref(), &id);
            if let Some(sandbox) = sandbox {
                self.sandboxes.entry(sandbox).or_default().insert(id);
            }
        }
    }

    fn leave_sandbox(&mut self, sandbox: Option<&str>, id: &EndpointId) {
        let Some(sandbox) = sandbox else { return };
        let Some(inside) = self.sandboxes.get_mut(sandbox) else { return };
        inside.remove(id);
        if inside.is_empty() {
            self.sandboxes.remove(sandbox);
        }
    }

    fn forget_endpoint(&mut self, id: &EndpointId) {
        let Some(record) = self.endpoints.remove(id) else { return };
        self.leave_sandbox(record.sandbox.as_deref(), id);
        for address in &record.endpoint.addresses {
            let key = (record.network.clone(), address.addr());
            if self.holders.get(&key) == Some(id) {
                self.holders.remove(&key);
            }
        }
    }
}

impl State {
    pub(crate) fn new(remembered: Remembered) -> Self {
        let mut tables = Tables {
            networks: remembered.networks.into_iter().map(|net| (net.network.id.clone(), Arc::new(net))).collect(),
            claims: remembered.claims.into_iter().map(|claim| (claim.object, claim.holders)).collect(),
            ..Tables::default()
        };
        remembered.endpoints.into_iter().for_each(|endpoint| tables.put_endpoint(endpoint));
        Self(RwLock::new(tables))
    }

    pub(crate) fn network(&self, id: &NetworkId) -> Option<Arc<NetworkRecord>> {
        self.read().networks.get(id).cloned()
    }

    pub(crate) fn networks(&self) -> Vec<Arc<NetworkRecord>> {
        self.read().networks.values().cloned().collect()
    }

    pub(crate) fn put_network(&self, record: NetworkRecord) {
        self.write().networks.insert(record.network.id.clone(), Arc::new(record));
    }

    pub(crate) fn forget_network(&self, id: &NetworkId) {
        self.write().networks.remove(id);
    }

    pub(crate) fn endpoint(&self, id: &EndpointId) -> Option<Arc<EndpointRecord>> {
        self.read().endpoints.get(id).cloned()
    }

    pub(crate) fn endpoints(&self) -> Vec<Arc<EndpointRecord>> {
        self.read().endpoints.values().cloned().collect()
    }

    pub(crate) fn endpoints_of(&self, network: &NetworkId) -> Vec<Arc<EndpointRecord>> {
        self.read().endpoints.values().filter(|endpoint| endpoint.network == *network).cloned().collect()
    }

    pub(crate) fn put_endpoint(&self, record: EndpointRecord) {
        self.write().put_endpoint(record);
    }

    pub(crate) fn forget_endpoint(&self, id: &EndpointId) {
        self.write().forget_endpoint(id);
    }

    /// The endpoint that holds an address in a network.
    pub(crate) fn holder_of(&self, network: &NetworkId, address: IpAddr) -> Option<EndpointId> {
        self.read().holders.get(&(network.clone(), address)).cloned()
    }

    /// The endpoints of a container.
    pub(crate) fn in_sandbox(&self, sandbox: &str) -> Vec<Arc<EndpointRecord>> {
        let tables = self.read();
        let inside = tables.sandboxes.get(sandbox).into_iter().flatten();
        inside.filter_map(|id| tables.endpoints.get(id).cloned()).collect()
    }

    /// Who uses a shared object.
    pub(crate) fn holders(&self, object: &Shared) -> BTreeSet<NetworkId> {
        self.read().claims.get(object).cloned().unwrap_or_default()
    }

    /// Adds a network to a shared object's holders and returns the claim as it is now.
    pub(crate) fn claim(&self, object: &Shared, network: &NetworkId) -> Claim {
        self.change_claim(object, |holders| {
            holders.insert(network.clone());
        })
    }

    /// Takes a network out of a shared object's holders and returns the claim as it is now.
    pub(crate) fn unclaim(&self, object: &Shared, network: &NetworkId) -> Claim {
        self.change_claim(object, |holders| {
            holders.remove(network);
        })
    }

    fn change_claim(&self, object: &Shared, change: impl FnOnce(&mut BTreeSet<NetworkId>)) -> Claim {
        let mut tables = self.write();
        let holders = tables.claims.entry(object.clone()).or_default();
        change(holders);
        let claim = Claim { object: object.clone(), holders: holders.clone() };
        if claim.holders.is_empty() {
            tables.claims.remove(object);
        }
        claim
    }

    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
