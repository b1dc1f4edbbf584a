//! Follows the changes of a table across restarts of the server.
//!
//!     cargo run -p ovsdb --example follow -- unix:/run/openvswitch/db.sock Open_vSwitch Port name tag

use ovsdb::{Client, Event, MonitorSpec, Remote, RowChange, TableSpec};
use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [remotes, database, table, columns @ ..] = arguments.as_slice() else {
        return Err("usage: follow REMOTE[,REMOTE...] DATABASE TABLE COLUMN...".into());
    };
    let table = TableSpec::new(table).columns(columns.iter().map(String::as_str));
    let options = ovsdb::Options::new(Remote::parse_list(remotes)?);
    let client = Client::start(options, MonitorSpec::database(database).table(table))?;
    let mut changes = client.changes();
    while let Some(event) = changes.next().await {
        println!("{}", line(&event));
    }
    Ok(())
}

/// An event as a line of text.
pub(crate) fn line(event: &Event) -> String {
    match event {
        Event::Connected(remote) => format!("connected to {remote}"),
        Event::Resynced => "the copy is complete".to_owned(),
        Event::Disconnected(cause) => format!("disconnected: {cause}"),
        Event::Row(RowChange::Inserted { new, .. }) => format!("+ {new:?}"),
        Event::Row(RowChange::Modified { new, .. }) => format!("~ {new:?}"),
        Event::Row(RowChange::Deleted { old, .. }) => format!("- {old:?}"),
    }
}
