//! What a reconcile looks at: everything, or what an event was about.

use std::collections::HashSet;

use plan::NetworkId;
use plumbing::Event;

use crate::notes::Subject;
use crate::record::{EndpointRecord, NetworkRecord};

#[derive(Debug, Default)]
pub(super) struct Due {
    everything: bool,
    networks: HashSet<NetworkId>,
    subjects: HashSet<Subject>,
}

impl Due {
    pub(super) fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// A network and all its endpoints.
    pub(super) fn network(id: &NetworkId) -> Self {
        Self { networks: HashSet::from([id.clone()]), ..Self::default() }
    }

    /// Adds what an event makes due.
    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::OvsUp | Event::FlowsGone | Event::NorthboundUp | Event::Lost => self.everything = true,
            // The rules are seen to by themselves.
            Event::OvsDown | Event::NorthboundDown | Event::FirewallChanged => {}
            Event::RowGone { network, endpoint } | Event::LinkGone { network, endpoint, .. } => {
                self.subjects.insert((network, endpoint));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.everything && self.networks.is_empty() && self.subjects.is_empty()
    }

    pub(super) fn is_everything(&self) -> bool {
        self.everything
    }

    /// What is about something that networks share is about all of them.
    pub(super) fn wants_network(&self, record: &NetworkRecord) -> bool {
        let about = |id: NetworkId| self.networks.contains(&id) || self.subjects.contains(&(id, None));
        self.everything || about(record.network.id.clone()) || record.shared_ids().into_iter().any(about)
    }

    pub(super) fn wants_endpoint(&self, record: &EndpointRecord) -> bool {
        self.everything || self.networks.contains(&record.network) || self.subjects.contains(&record.subject())
    }
}
