//! What was found in the store at start, taken for what it means now.

use plumbing::Dataplane;

use crate::Driver;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord, NetworkState};

impl<D: Dataplane> Driver<D> {
    /// Decides what becomes of interrupted calls and of another boot's endpoints, gives networks their modules back, and
    /// binds published ports again. Undoes nothing yet: that needs Open vSwitch.
    pub(super) fn take_stock(&self) {
        for record in self.state.networks() {
            if record.state == NetworkState::Creating {
                // Docker never got an answer, or was told that it failed.
                self.state
                    .put_network(NetworkRecord { state: NetworkState::Removing, ..NetworkRecord::clone(&record) });
            }
            self.restore_module(&record);
        }
        for record in self.state.endpoints() {
            let state = if record.boot == self.boot { interrupted(&record.state) } else { EndpointState::Removing };
            self.state.put_endpoint(EndpointRecord { state, ..EndpointRecord::clone(&record) });
        }
        self.remember_unclaimed();
        self.state.endpoints().iter().for_each(|record| self.bind_again(record));
    }

    fn restore_module(&self, record: &NetworkRecord) {
        let restored = match self.store.module(&record.digest) {
            Ok(Some(bytes)) => self.catalog.restore(&record.mode, record.origin, &bytes).map(|_| ()),
            Ok(None) => Ok(()),
            Err(error) => return tracing::error!(network = %record.network.id, %error, "its module cannot be read"),
        };
        if let Err(error) = restored {
            tracing::error!(network = %record.network.id, %error, "its module cannot be used: no new containers on it");
        }
    }
}

/// A call that was under way when the driver went down has no one waiting for it: what it may have made is undone.
fn interrupted(state: &EndpointState) -> EndpointState {
    match state {
        EndpointState::Planned | EndpointState::Joining | EndpointState::Leaving | EndpointState::Left => {
            EndpointState::Leaving
        }
        other => other.clone(),
    }
}
