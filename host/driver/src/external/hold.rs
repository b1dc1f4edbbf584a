//! Holding what is published: its sockets go with the driver's process, and another program may be quicker then.

use plumbing::Dataplane;

use super::addresses;
use super::serve::serving;
use crate::Driver;
use crate::publish::{Claimant, Hold};
use crate::record::{EndpointRecord, EndpointState};

impl<D: Dataplane> Driver<D> {
    /// Whether an endpoint publishes ports that it has no sockets for.
    pub(crate) fn lacks_sockets(&self, record: &EndpointRecord) -> bool {
        record.state == EndpointState::Joined
            && record.boot == self.boot
            && serving(record).is_some_and(|published| !self.ports.has_all(&record.endpoint.id, &published.on_host()))
    }

    /// Binds the sockets that an endpoint lacks, as far as nobody has them. The endpoint is held, or nobody is served yet.
    pub(crate) fn bind_again(&self, record: &EndpointRecord) {
        let Some(published) = serving(record).filter(|_| self.lacks_sockets(record)) else { return };
        let Some(network) = self.state.network(&record.network) else { return };
        // What the guard no longer admits is not bound; the reconcile that follows says so.
        let how = match self.readmit_published(&network, record, published) {
            Ok(()) => Hold::Bound,
            Err(_) => Hold::Reserved,
        };
        let (id, before) = (&record.endpoint.id, self.ports.busy(&record.endpoint.id));
        let (addresses, mates) = (addresses(record), self.mate_ids(record));
        let claimant = Claimant { endpoint: id, addresses: &addresses, mates: &mates };
        self.ports.hold_again(claimant, &published.on_host(), how);
        for busy in self.ports.busy(id).iter().filter(|busy| !before.contains(busy)) {
            tracing::error!(endpoint = %id, "{busy}");
        }
    }
}
