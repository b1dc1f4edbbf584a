//! The sockets of published ports: bound again as soon as whoever had them is gone.

use admin::report::{Change, Drift, Reconciled};
use plumbing::Dataplane;

use super::{AGAIN, Due, change, drift};
use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn hold_ports(&self, due: &Due, report: &mut Reconciled) {
        for record in self.state.endpoints() {
            if !due.wants_endpoint(&record) || !self.lacks_sockets(&record) {
                continue;
            }
            let id = &record.endpoint.id;
            let _alone = self.locks.endpoint(&record.network, id).await;
            let Some(record) = self.state.endpoint(id).filter(|now| self.lacks_sockets(now)) else { continue };
            self.bind_again(&record);
            let subject = record.subject();
            if !self.lacks_sockets(&record) {
                tracing::info!(endpoint = %id, "all its published ports are held again");
                let kind = "published ports".to_owned();
                report.repaired.push(Change { kind, ..change(&subject, "were not all held".to_owned()) });
            }
            for busy in self.ports.busy(id) {
                report.broken.push(Drift { repair: Some(AGAIN.to_owned()), ..drift(&subject, None, &busy) });
            }
        }
    }
}
