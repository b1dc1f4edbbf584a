//! Endpoints whose link no container has, though they are joined.
//!
//! That an endpoint is joined is written down while its link is made. A crash between that and the answer to Docker leaves
//! a joined endpoint that Docker knows nothing of, and one a moment later a link that Docker is about to take. Which of the
//! two it was shows with time.

use std::sync::PoisonError;

use plan::EndpointId;
use plumbing::Dataplane;

use crate::Driver;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord};

impl<D: Dataplane> Driver<D> {
    /// At start: remembers who was joined by an earlier process and has not been taken yet.
    pub(super) fn remember_unclaimed(&self) {
        let joined = self.state.endpoints().into_iter().filter(|record| record.state == EndpointState::Joined);
        let found = joined.filter(|record| {
            let network = self.state.network(&record.network);
            network.is_some_and(|network| self.is_unclaimed(&network, record))
        });
        *self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner) =
            found.map(|record| record.endpoint.id.clone()).collect();
    }

    /// Whether a joined endpoint's link was still nobody's a while after the start.
    pub(super) fn was_never_taken(&self, network: &NetworkRecord, record: &EndpointRecord) -> bool {
        let id: &EndpointId = &record.endpoint.id;
        let mut unclaimed = self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner);
        if !unclaimed.contains(id) {
            return false;
        }
        if !self.is_unclaimed(network, record) {
            unclaimed.remove(id);
            return false;
        }
        self.started.elapsed() >= self.config.grace
    }

    fn is_unclaimed(&self, network: &NetworkRecord, record: &EndpointRecord) -> bool {
        self.dataplane.is_unclaimed(&self.endpoint_work(network, record))
    }
}
