//! What others change about our rows of the northbound database.

use ovsdb::{Changes, Event as Change, Row, RowChange};
use plan::{InstanceId, NetworkId};

use super::claim::{claims, mark};
use super::removal::left;
use super::session::{Session, Since};
use super::table::Table;
use crate::Event;
use crate::ovs::Leaving;

/// The changes of the northbound database that concern us.
pub(crate) struct Drift {
    changes: Changes,
    // Not the session: it ends with those who use it, and this with it.
    leaving: Leaving,
    since: Since,
    instance: InstanceId,
}

impl Drift {
    /// Follows the changes from now on.
    pub(crate) fn new(session: &Session, instance: InstanceId) -> Self {
        Self {
            changes: session.client().changes(),
            leaving: session.leaving().clone(),
            since: session.since().clone(),
            instance,
        }
    }

    /// The next events; none: the end.
    pub(crate) async fn next(&mut self) -> Option<Vec<Event>> {
        Some(match self.changes.next().await? {
            Change::Connected(_) => Vec::new(),
            Change::Resynced => vec![Event::NorthboundUp],
            Change::Disconnected(_) => {
                self.since.begin();
                vec![Event::NorthboundDown]
            }
            Change::Row(change) => self.lost(&change),
        })
    }

    /// What a change takes away of what we made. New rows take nothing.
    fn lost(&self, change: &RowChange) -> Vec<Event> {
        let (Some(table), Some(old)) = (Table::of(change.table()), change.before()) else { return Vec::new() };
        match change.after() {
            None if self.leaving.seen_off(&old.uuid().to_string()) => Vec::new(),
            None => self.concerned(old),
            Some(new) if !same(table, old, new) => self.concerned(old),
            Some(new) => self.unclaimed(old, new),
        }
    }

    /// Whom a row concerns: the network or endpoint that has it, or those that claim it.
    fn concerned(&self, row: &Row) -> Vec<Event> {
        let own = mark(row).filter(|mark| mark.instance == self.instance);
        let own = own.map(|mark| Event::RowGone { network: mark.network, endpoint: mark.endpoint });
        own.into_iter().chain(self.claimants(row).into_iter().map(gone)).collect()
    }

    /// The networks whose claims somebody else took away.
    fn unclaimed(&self, old: &Row, new: &Row) -> Vec<Event> {
        let stay = self.claimants(new);
        let went = self.claimants(old).into_iter().filter(|network| !stay.contains(network));
        went.filter(|network| !self.leaving.seen_off(&left(old.uuid(), network))).map(gone).collect()
    }

    fn claimants(&self, row: &Row) -> Vec<NetworkId> {
        let ours = claims(row).into_iter().filter(|(claim, _)| claim.instance == self.instance);
        ours.map(|(claim, _)| claim.network).collect()
    }
}

fn gone(network: NetworkId) -> Event {
    Event::RowGone { network, endpoint: None }
}

/// Whether nothing of what a plan decides changed: what a row holds is looked at row by row, `up` is OVN's.
fn same(table: Table, old: &Row, new: &Row) -> bool {
    let decided =
        |column: &str| !matches!(column, "up" | "external_ids") && !table.holds().any(|(_, held)| held == column);
    let pairs = old.columns().zip(new.columns());
    pairs.filter(|((column, _), _)| decided(column)).all(|(old, new)| old == new)
}
