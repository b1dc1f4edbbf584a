//! What is in the way of OVN's tunnels, told of every network that they are for.

use admin::report::Reconciled;
use plumbing::Dataplane;

use super::{Due, drift};
use crate::Driver;
use crate::record::NetworkState;

impl<D: Dataplane> Driver<D> {
    /// Looks once for all networks, and takes down what is wrong.
    pub(super) async fn report_tunnels(&self, due: &Due, report: &mut Reconciled) {
        let mut networks = self.state.networks();
        networks.retain(|record| record.state == NetworkState::Ready && due.wants_network(record));
        self.look_at_tunnels(&networks).await;
        for record in networks {
            let subject = (record.network.id.clone(), None);
            report.broken.extend(self.tunnels.problem(&record).map(|problem| drift(&subject, None, &problem.what)));
        }
    }
}
