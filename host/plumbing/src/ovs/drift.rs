//! What others change about our rows.

use ovsdb::{Changes, Event as Change, Row, RowChange};

use super::session::Session;
use super::view::{BRIDGE, PORT};
use crate::{Event, Mark};

/// The changes of Open vSwitch's database that concern us.
pub(crate) struct Drift {
    changes: Changes,
    session: Session,
}

impl Drift {
    /// Follows the changes from now on.
    pub(crate) fn new(session: Session) -> Self {
        Self { changes: session.client().changes(), session }
    }

    /// The next event; none: the end.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            let event = match self.changes.next().await? {
                Change::Connected(_) => None,
                Change::Resynced => Some(Event::OvsUp),
                Change::Disconnected(_) => Some(Event::OvsDown),
                Change::Row(change) => self.lost(&change),
            };
            if event.is_some() {
                return event;
            }
        }
    }

    /// Whether a change takes away what we made. New rows do not, and what ovs-vswitchd writes is in `Interface`.
    fn lost(&self, change: &RowChange) -> Option<Event> {
        if !matches!(change.table(), BRIDGE | PORT) {
            return None;
        }
        let old = change.before()?;
        let mark = mark(old).filter(|mark| mark.instance == *self.session.instance())?;
        let name: &str = old.get("name").ok()?;
        let unasked = match change.after() {
            Some(new) => !same_configuration(old, new),
            None => !self.session.leaving().seen_off(name),
        };
        if !unasked {
            return None;
        }
        if mark.is_guard() {
            // Endpoints of any network may be behind it.
            return Some(Event::Lost);
        }
        Some(Event::RowGone { network: mark.network, endpoint: mark.endpoint })
    }
}

fn mark(row: &Row) -> Option<Mark> {
    Mark::from_ids(|key| row.entry("external_ids", key))
}

/// Whether nothing of what a plan decides changed. `ports` is looked at port by port, `datapath_id` is ovs-vswitchd's.
fn same_configuration(old: &Row, new: &Row) -> bool {
    let decided = |column: &str| !matches!(column, "ports" | "datapath_id" | "controller" | "interfaces");
    let pairs = old.columns().zip(new.columns());
    pairs.filter(|((column, _), _)| decided(column)).all(|(old, new)| old == new)
}
